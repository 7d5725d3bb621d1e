import type { Socket } from "node:net";
import { authority, type Endpoint, open } from "./connection.ts";
import type { Site } from "./site.ts";

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const SECONDS = 4;
/** Types of frames and their flags: RFC 9113, section 6. */
const Type = { data: 0, headers: 1, reset: 3, settings: 4, goAway: 7 } as const;
const Flag = { acknowledged: 1, endStream: 1, endHeaders: 4 } as const;
/** RFC 9113, section 6.5.2. */
const INITIAL_WINDOW_SIZE = 4;
/** Statuses of HPACK's static table (RFC 7541, appendix A), from index 8. */
const STATUS_INDEX = 8;
const STATUSES = [200, 204, 206, 304, 400, 404, 500];

const ACKNOWLEDGEMENT = frame(Type.settings, Flag.acknowledged, 0, Buffer.alloc(0));

/** What became of a stream. */
export type Outcome = "refused" | "no answer" | number;

/**
 * Sends one request over HTTP/2 with exactly these header fields, which no client library would send, and tells its
 * status; 0 stands for one that cannot be read.
 */
export async function request(
  site: Site,
  fields: readonly (readonly [string, string])[],
  body?: string,
): Promise<Outcome> {
  const socket = await open(site, { ALPNProtocols: ["h2"] });
  if (socket.alpnProtocol !== "h2") throw new Error("HTTP/2 is not spoken");
  const block = Buffer.concat(fields.map(([name, value]) => literal(name, value)));
  const end = body === undefined ? Flag.endStream : 0;
  socket.write(PREFACE);
  socket.write(frame(Type.settings, 0, 0, Buffer.alloc(0)));
  socket.write(frame(Type.headers, Flag.endHeaders | end, 1, block));
  if (body !== undefined) socket.write(frame(Type.data, Flag.endStream, 1, Buffer.from(body, "latin1")));
  return new Promise((resolve) => {
    const done = (outcome: Outcome) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => done("no answer"), SECONDS * 1000);
    socket.once("error", () => done("refused"));
    socket.once("close", () => done("refused"));
    socket.on(
      "data",
      framesOf((type, flags, payload) => {
        if (type === Type.reset || type === Type.goAway) done("refused");
        if (type === Type.headers) done(statusOf(payload));
        if (type === Type.settings && (flags & Flag.acknowledged) === 0) socket.write(ACKNOWLEDGEMENT);
      }),
    );
  });
}

/**
 * Asks for something and never makes room for its body: how long, in seconds, until the site gives up; undefined when
 * it has not within the time.
 */
export async function stall(site: Site, path: string, seconds: number): Promise<number | undefined> {
  const socket = await open(site, { ALPNProtocols: ["h2"], timeout: (seconds + 10) * 1000 });
  const start = Date.now();
  return new Promise((resolve) => {
    const done = (outcome: number | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => done(undefined), seconds * 1000);
    askWithoutRoom(socket, site, path, () => done((Date.now() - start) / 1000));
  });
}

/** Asks for something on a new connection, with no room for its body, and calls when the other side gives up. */
export function askWithoutRoom(socket: Socket, site: Endpoint, path: string, over: () => void): void {
  for (const event of ["error", "end", "close"]) socket.once(event, over);
  socket.on(
    "data",
    framesOf((type, flags) => {
      if (type === Type.reset || type === Type.goAway) over();
      if (type === Type.settings && (flags & Flag.acknowledged) === 0) socket.write(ACKNOWLEDGEMENT);
    }),
  );
  const block = Buffer.concat(pseudo(authority(site), path).map(([name, value]) => literal(name, value)));
  socket.write(PREFACE);
  socket.write(frame(Type.settings, 0, 0, setting(INITIAL_WINDOW_SIZE, 0)));
  socket.write(frame(Type.headers, Flag.endHeaders | Flag.endStream, 1, block));
}

/** The fields of an honest request. */
export function pseudo(host: string, path: string, method = "GET") {
  return [
    [":method", method],
    [":scheme", "https"],
    [":authority", host],
    [":path", path],
  ] as const satisfies readonly (readonly [string, string])[];
}

/** A field that no table keeps, not compressed: RFC 7541, section 6.2.2. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "latin1");
  if (bytes.length > 126) throw new Error(`${bytes.length} bytes are more than one octet tells`);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

/** Cuts what comes into frames. */
function framesOf(each: (type: number, flags: number, payload: Buffer) => void): (data: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (data) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const end = 9 + rest.readUIntBE(0, 3);
      const [type, flags, payload] = [rest.readUInt8(3), rest.readUInt8(4), rest.subarray(9, end)];
      rest = rest.subarray(end);
      each(type, flags, payload);
    }
  };
}

function setting(name: number, value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt16BE(name, 0);
  bytes.writeUInt32BE(value, 2);
  return bytes;
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** `:status` comes first; a change of the table's size may stand before it. */
function statusOf(block: Buffer): number {
  const at = block.findIndex((byte) => (byte & 0xe0) !== 0x20);
  const first = block[at] ?? 0;
  if ((first & 0x80) !== 0) return STATUSES[(first & 0x7f) - STATUS_INDEX] ?? 0;
  // Named by the table, with a value of its own: RFC 7541, section 6.2.
  if ((first & ((first & 0x40) !== 0 ? 0x3f : 0x0f)) !== STATUS_INDEX) return 0;
  const length = block[at + 1] ?? 0;
  const value = block.subarray(at + 2, at + 2 + (length & 0x7f));
  return Number((length & 0x80) === 0 ? value.toString("latin1") : digits(value));
}

/** Digits in the code of Huffman's kind: 0 to 2 have five bits, 3 to 9 have six (RFC 7541, appendix B). */
function digits(coded: Buffer): string {
  let bits = [...coded].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  let text = "";
  // Padding is all ones, and shorter than a byte.
  while (bits.length >= 5 && !/^1/.test(bits)) {
    const short = Number.parseInt(bits.slice(0, 5), 2);
    const digit = short <= 2 ? short : Number.parseInt(bits.slice(0, 6), 2) - 22;
    text += digit;
    bits = bits.slice(short <= 2 ? 5 : 6);
  }
  return text;
}
