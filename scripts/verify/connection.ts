import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import type { Site } from "./site.ts";

const SECONDS = 10;

/** The first line and the headers of an answer, and how it ended. */
export interface RawAnswer {
  /** 0 when the connection ended without an answer. */
  readonly status: number;
  readonly text: string;
}

/**
 * A TLS connection to the edge, for what no client library would say.
 * @throws what the handshake failed with
 */
export function open(site: Site, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: site.address,
      port: site.ports.https,
      servername: site.hostname,
      ca: site.ca,
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
  const socket = await open(site, { ALPNProtocols: ["http/1.1"] });
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve) => {
    socket.on("data", (chunk) => chunks.push(chunk));
    // A side that refuses a request may cut the connection while it is still being sent.
    socket.once("error", () => resolve());
    socket.once("close", () => resolve());
    setTimeout(() => socket.destroy(), SECONDS * 1000).unref();
    socket.write(request);
  });
  const text = Buffer.concat(chunks).toString("latin1");
  return { status: Number(/^HTTP\/1\.\d (\d{3})/.exec(text)?.[1] ?? 0), text };
}

/** A request for a path exactly as it is written. */
export function get(site: Site, path: string, more: readonly string[] = []): Promise<RawAnswer> {
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${site.hostname}:${site.ports.https}`, "Connection: close"];
  return send(site, Buffer.from(`${[...lines, ...more].join("\r\n")}\r\n\r\n`, "latin1"));
}
