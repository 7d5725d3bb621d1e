import { setTimeout as sleep } from "node:timers/promises";
import { type Check, failed, none, pass } from "../check.ts";
import { authority, converse, open, send } from "../connection.ts";
import type { Site } from "../site.ts";

/** Seconds for a page, on a machine with much to do. */
const PATIENCE = 10;
const CHUNK = 64 * 1024;

export const bodyLimit: Check = {
  name: "A request body above the limit is refused, announced or not",
  recipe: "recipe 1",
  async run(site) {
    const { bodyLimit: limit } = site.declared;
    const start = (header: string) =>
      [
        `POST ${site.home} HTTP/1.1`,
        `Host: ${authority(site)}`,
        "Connection: close",
        "Content-Type: application/octet-stream",
        header,
        "",
        "",
      ].join("\r\n");
    const [announced, streamed] = await Promise.all([
      // Only announced: the refusal must not wait for the body.
      send(site, start(`Content-Length: ${limit + 1}`)).then(({ status }) => status),
      stream(site, start("Transfer-Encoding: chunked"), limit + 2 * CHUNK),
    ]);
    const seen = `${announced} to ${limit + 1} bytes, ${streamed} to more without a length`;
    // RFC 9112, section 6.3: a server may insist on a length. Who refuses while more is sent may lose its answer.
    const refused = ["413", "411", "a cut"].includes(streamed);
    return announced === 413 && refused
      ? pass(seen)
      : failed(seen, "413; 413, 411 or a cut without a length");
  },
};

/** Sends chunks until there is an answer or the connection is cut; at most so many bytes. */
async function stream(site: Site, head: string, bytes: number): Promise<string> {
  const socket = await open(site, { ALPNProtocols: ["http/1.1"], timeout: 20_000 });
  let text = "";
  let over = false;
  socket.on("data", (data: Buffer) => {
    text += data.toString("latin1");
  });
  const ended = new Promise<void>((resolve) => {
    for (const event of ["end", "close", "error"]) socket.once(event, () => resolve());
  }).then(() => {
    over = true;
  });
  const chunk = Buffer.concat([
    Buffer.from(`${CHUNK.toString(16)}\r\n`),
    Buffer.alloc(CHUNK, "a"),
    Buffer.from("\r\n"),
  ]);
  socket.write(head);
  for (let sent = 0; sent < bytes && !over && text === ""; sent += CHUNK) {
    const room = socket.write(chunk) || new Promise((resolve) => socket.once("drain", resolve));
    await Promise.race([room, ended]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (!over && text === "") socket.write("0\r\n\r\n");
  await Promise.race([ended, sleep(8000)]);
  socket.destroy();
  return /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? (over ? "a cut" : "nothing");
}

export const headerLimit: Check = {
  name: "A request header that is too large is refused",
  recipe: "recipe 1",
  async run(site) {
    const start = `GET ${site.home} HTTP/1.1\r\nHost: ${authority(site)}\r\nConnection: close\r\n`;
    const many = Array.from({ length: 200 }, (_, at) => `X-Probe-${at}: 1\r\n`).join("");
    const [long, crowd, path] = await Promise.all([
      send(site, `${start}X-Probe: ${"a".repeat(40_000)}\r\n\r\n`),
      send(site, `${start}${many}\r\n`),
      send(site, start.replace(`GET ${site.home} `, `GET /${"a".repeat(40_000)} `).concat("\r\n")),
    ]);
    const cases: readonly [string, number, readonly number[]][] = [
      ["one header of 40 kB", long.status, [400, 431]],
      ["200 headers", crowd.status, [400, 431]],
      ["a path of 40 kB", path.status, [400, 414, 431]],
    ];
    return none(
      cases.flatMap(([what, status, wanted]) => (wanted.includes(status) ? [] : [`${what}: ${status}`])),
      cases.map(([what, status]) => `${what}: ${status}`).join(", "),
      "400, 414 or 431",
    );
  },
};

export const headerEnough: Check = {
  name: "Headers of the usual size come through",
  recipe: "recipe 1; known failure: a sign-in with large cookies",
  async run(site) {
    const { status } = await site.ask(site.home);
    const cookie = `a=${"b".repeat(4000)}`;
    const [large, query] = await Promise.all([
      site.ask(site.home, { headers: { cookie, "x-probe": "c".repeat(2000) } }),
      site.ask(`${site.home}?q=${"d".repeat(4000)}`),
    ]);
    const seen = `${large.status} with 6 kB of headers, ${query.status} with a query of 4 kB`;
    return large.status === status && query.status === status
      ? pass(seen)
      : failed(seen, `${status} for both`);
  },
};

export const pipelining: Check = {
  name: "Requests that are sent ahead are answered in their order",
  recipe: "recipe 3; RFC 9112, section 9.3.2",
  async run(site) {
    const line = (path: string, last = false) =>
      `GET ${path} HTTP/1.1\r\nHost: ${authority(site)}\r\n${last ? "Connection: close\r\n" : ""}\r\n`;
    const [home, health] = [site.home, "/.slipway/health"];
    const { statuses, closed } = await converse(site, line(home) + line(health) + line(home, true), {
      quiet: PATIENCE,
    });
    const seen = `${statuses.join(", ")}${closed ? "" : ", still open"}`;
    return statuses.length === 3 && statuses[0] === statuses[2] && closed
      ? pass(seen)
      : failed(seen, "three answers, and the end");
  },
};
