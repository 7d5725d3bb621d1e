import { setTimeout as sleep } from "node:timers/promises";
import { docker } from "../../stack/docker.ts";
import { type Check, failed, none, pass } from "../check.ts";
import { open, send } from "../connection.ts";
import type { Site } from "../site.ts";

const SECONDS_FOR_SLOW = 30;

export const bodyLimit: Check = {
  name: "A request body above the limit is refused before it is sent",
  recipe: "recipe 1",
  async run(site) {
    const limit = await limitOf(site);
    const length = limit + 1;
    const lines = [`Host: ${site.hostname}:${site.ports.https}`, "Connection: close"];
    const type = "Content-Type: application/octet-stream";
    // Only announced: the refusal must not wait for the body.
    const announced = ["POST / HTTP/1.1", ...lines, type, `Content-Length: ${length}`, "", ""].join("\r\n");
    const { status } = await send(site, announced);
    const seen = `${status} to ${length} bytes`;
    return status === 413 ? pass(seen) : failed(seen, "413");
  },
};

export const headerLimit: Check = {
  name: "A request header that is too large is refused",
  recipe: "recipe 1",
  async run(site) {
    const start = `GET / HTTP/1.1\r\nHost: ${site.hostname}:${site.ports.https}\r\nConnection: close\r\n`;
    const many = Array.from({ length: 200 }, (_, at) => `X-Probe-${at}: 1\r\n`).join("");
    const [long, crowd, path] = await Promise.all([
      send(site, `${start}X-Probe: ${"a".repeat(40_000)}\r\n\r\n`),
      send(site, `${start}${many}\r\n`),
      send(site, start.replace("GET / ", `GET /${"a".repeat(40_000)} `).concat("\r\n")),
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

export const slowClient: Check = {
  name: `A client that sends its header a byte at a time is cut within ${SECONDS_FOR_SLOW} s`,
  recipe: "recipe 1; known failure: Slowloris",
  async run(site) {
    const socket = await open(site, { timeout: (SECONDS_FOR_SLOW + 10) * 1000 });
    const start = Date.now();
    let over = false;
    const ended = new Promise<void>((resolve) => {
      for (const event of ["end", "close", "error"]) socket.once(event, () => resolve());
    }).then(() => {
      over = true;
    });
    // Someone has to take what comes, or the end is never told.
    socket.resume();
    const bytes = `GET / HTTP/1.1\r\nHost: ${site.hostname}\r\nX-Slow: ${"a".repeat(100)}`;
    for (const byte of bytes) {
      if (over || Date.now() - start > SECONDS_FOR_SLOW * 1000) break;
      socket.write(byte);
      await Promise.race([ended, sleep(2000, undefined, { ref: false })]);
    }
    socket.destroy();
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    return over ? pass(`cut after ${seconds} s`) : failed(`still open after ${seconds} s`, "cut");
  },
};

async function limitOf({ edge }: Site): Promise<number> {
  const text = await docker(["exec", edge.id, "grep", "-h", "LimitRequestBody", "/etc/slipway/httpd.conf"]);
  return Number(/LimitRequestBody (\d+)/.exec(text)?.[1]);
}
