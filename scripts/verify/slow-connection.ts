import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { authority, type Endpoint, open } from "./connection.ts";
import { askWithoutRoom } from "./http2.ts";

/** Ways in which a client can hold on to a connection. */
export const SLOW = ["handshake", "header", "body", "reader", "stream"] as const;
export type Slow = (typeof SLOW)[number];

const EVERY = 1000;
/** Of a handshake message of 512 bytes, of which nothing follows: RFC 8446, section 5.1. */
const HANDSHAKE = Buffer.from([22, 3, 1, 2, 0]);

/** What goes before a header field, or a body, that is sent a byte at a time. */
export function beginningOf(slow: "header" | "body", site: Endpoint, path: string): string {
  const host = `Host: ${authority(site)}\r\n`;
  return slow === "header"
    ? `GET ${path} HTTP/1.1\r\n${host}X-Slow: `
    : `POST ${path} HTTP/1.1\r\n${host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n`;
}

/** Begins a message and goes on with it, a byte a second, until the connection ends. */
export function drip(socket: Socket, beginning: string): void {
  socket.write(beginning);
  const timer = setInterval(() => socket.write("a"), EVERY);
  socket.once("close", () => clearInterval(timer));
}

/** When the other side, or this one, ended a connection: told to somebody who also takes what comes. */
export function endOf(socket: Socket): { readonly promise: Promise<void>; over(): boolean } {
  let over = false;
  const promise = new Promise<void>((resolve) => {
    for (const event of ["end", "close", "error"]) {
      socket.on(event, () => {
        over = true;
        resolve();
      });
    }
  });
  return { promise, over: () => over };
}

/** Which paths to ask for. */
export interface Paths {
  /** Of an application, for the one that sends a header or a body. */
  readonly page: string;
  /** Of an answer that is larger than the buffers on the way, in megabytes, for the one that takes nothing of it. */
  readonly large: string;
}

/** A client that holds on to a connection until the other side ends it. */
export class SlowConnection {
  readonly slow: Slow;
  readonly #start = performance.now();
  #socket: Socket | undefined;
  #left = false;
  #seconds: number | undefined;
  #taken = 0;

  constructor(slow: Slow, site: Endpoint, paths: Paths) {
    this.slow = slow;
    // Refused is ended as well.
    this.#begin(site, paths).catch(() => this.#over());
  }

  /** It got as far as it wants to, and the other side has not ended it. */
  get held(): boolean {
    return this.#socket !== undefined && this.#seconds === undefined;
  }

  /** After how long the other side ended it; undefined while it has not. A reader sees that once it takes what is there. */
  get seconds(): number | undefined {
    return this.#seconds;
  }

  /** Bytes that a reader took. */
  get taken(): number {
    return this.#taken;
  }

  take(): void {
    this.#socket?.on("data", (data) => {
      this.#taken += data.length;
    });
    this.#socket?.resume();
  }

  /** Ends it from this side. */
  leave(): void {
    this.#left = true;
    this.#socket?.destroy();
  }

  async #begin(site: Endpoint, { page, large }: Paths): Promise<void> {
    const socket = await this.#connect(site);
    if (this.#left) socket.destroy();
    this.#socket = socket;
    if (this.slow === "stream") return askWithoutRoom(socket, site, large, () => this.#over());
    void endOf(socket).promise.then(() => this.#over());
    if (this.slow === "reader") {
      socket.pause();
      socket.write(`GET ${large} HTTP/1.1\r\nHost: ${authority(site)}\r\nConnection: close\r\n\r\n`);
      return;
    }
    // Someone has to take what comes, or the end is never told.
    socket.resume();
    if (this.slow === "handshake") socket.write(HANDSHAKE);
    else drip(socket, beginningOf(this.slow, site, page));
  }

  async #connect(site: Endpoint): Promise<Socket> {
    if (this.slow === "handshake") {
      const socket = connect(site.ports.https, site.address);
      await once(socket, "connect");
      return socket;
    }
    const protocol = this.slow === "stream" ? "h2" : "http/1.1";
    return open(site, { ALPNProtocols: [protocol], timeout: 0 });
  }

  #over(): void {
    this.#seconds ??= (performance.now() - this.#start) / 1000;
  }
}
