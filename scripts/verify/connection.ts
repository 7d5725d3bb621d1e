import { isIP } from "node:net";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import type { Site } from "./site.ts";

const SECONDS = 10;
/** How long a side that says nothing more is listened to, where it does not close. */
const QUIET_SECONDS = 1.5;

/** Where to connect to, and the name to ask for there. */
export type Endpoint = Pick<Site, "hostname" | "address"> & { readonly ports: Pick<Site["ports"], "https"> };

/** The first line and the headers of an answer, and how it ended. */
export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number;
  readonly text: string;
}

/** What came on a connection that carried more than one request. */
export interface Conversation {
  /** Of each answer, in their order, without the 1xx ones. */
  readonly statuses: readonly number[];
  readonly text: string;
  /** Whether the other side ended it. */
  readonly closed: boolean;
}

/**
 * A TLS connection to the edge, for what no client library would say.
 * @throws what the handshake failed with
 */
export function open(site: Endpoint, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: site.address,
      port: site.ports.https,
      // An address is not allowed here (RFC 6066).
      ...(isIP(site.hostname) === 0 && { servername: site.hostname }),
      rejectUnauthorized: false,
      timeout: SECONDS * 1000,
      ...options,
    });
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", reject);
    socket.once("timeout", () => socket.destroy(new Error(`no answer within ${SECONDS} s`)));
  });
}

/** Sends a request exactly as it is written, and reads until the other side closes. */
export async function send(site: Site, request: string | Buffer): Promise<RawAnswer> {
  const { text, statuses } = await converse(site, request, { quiet: SECONDS });
  return { status: statuses[0] ?? 0, text };
}

/** A request for a path exactly as it is written. */
export function get(site: Site, path: string, more: readonly string[] = []): Promise<RawAnswer> {
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${authority(site)}`, "Connection: close"];
  return send(site, Buffer.from(`${[...lines, ...more].join("\r\n")}\r\n\r\n`, "latin1"));
}

/** The name and the port that visitors use. */
export function authority({ hostname, ports }: Omit<Endpoint, "address">): string {
  return ports.https === 443 ? hostname : `${hostname}:${ports.https}`;
}

/**
 * Sends a request exactly as it is written and, once it was answered or the other side stays quiet, a second one on
 * the same connection. Reads until the other side closes or stays quiet again.
 */
export async function converse(
  site: Site,
  request: string | Buffer,
  { second, quiet = QUIET_SECONDS }: { readonly second?: string; readonly quiet?: number } = {},
): Promise<Conversation> {
  const socket = await open(site, { ALPNProtocols: ["http/1.1"] });
  const chunks: Buffer[] = [];
  let closed = false;
  let heard: () => void = () => undefined;
  socket.on("data", (chunk) => {
    chunks.push(chunk);
    heard();
  });
  // A side that refuses a request may cut the connection while it is still being sent.
  for (const event of ["error", "end", "close"]) {
    socket.once(event, () => {
      closed = true;
      heard();
    });
  }
  const silence = async () => {
    const deadline = Date.now() + SECONDS * 1000;
    for (let spoke = true; spoke && !closed && Date.now() < deadline; ) {
      spoke = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), quiet * 1000);
        heard = () => {
          clearTimeout(timer);
          resolve(true);
        };
      });
    }
  };
  socket.write(typeof request === "string" ? Buffer.from(request, "latin1") : request);
  await silence();
  if (second !== undefined && !closed) {
    socket.write(second);
    await silence();
  }
  socket.destroy();
  const text = Buffer.concat(chunks).toString("latin1");
  return { statuses: statusesOf(text), text, closed };
}

/** Bodies may end without a line end, so that a status line may stand anywhere. */
function statusesOf(text: string): readonly number[] {
  return [...text.matchAll(/HTTP\/1\.[01] (\d{3})[ \r]/g)]
    .map((match) => Number(match[1]))
    .filter((status) => status >= 200);
}
