import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Check, failed, pass } from "../check.ts";
import type { Site } from "../site.ts";

/** Of the documentation (RFC 5737): nobody has it. */
const FORGED = "192.0.2.66";
const SECONDS = 6;

export const clientAddress: Check = {
  name: "The edge logs each request with the true address of its visitor",
  recipe: "recipes 1 and 3",
  inside: true,
  async run(site) {
    const mark = `verify-${randomBytes(6).toString("hex")}`;
    const since = new Date(Date.now() - 1000);
    const headers = { "x-forwarded-for": FORGED, "x-real-ip": FORGED, forwarded: `for=${FORGED}` };
    await site.ask(`${site.home}?${mark}`, { headers });
    const wanted = await addressesOf(site);
    const line = await lineWith(site, mark, since);
    if (line === undefined)
      return failed(`no line with the request within ${SECONDS} s`, "a line in the log of the edge");
    const seen = line.length > 160 ? `${line.slice(0, 160)}…` : line;
    const words = line.split(/[\s"[\],]+/).map((word) => word.replace(/^::ffff:/, "").replace(/:\d+$/, ""));
    const honest = words.some((word) => wanted.includes(word)) && !line.includes(FORGED);
    return honest ? pass(seen) : failed(seen, `one of ${wanted.join(", ")}, and not ${FORGED}`);
  },
};

/** A request of this machine comes from the engine's end of one of the edge's networks. */
async function addressesOf({ edge, engine, address }: Site): Promise<readonly string[]> {
  const format = "{{range .NetworkSettings.Networks}}{{.Gateway}} {{end}}";
  const words = ["container", "inspect", "--format", format, edge.id];
  const gateways = await engine.docker(words, { host: edge.host });
  return [...gateways.trim().split(/\s+/), address];
}

async function lineWith(site: Site, mark: string, since: Date): Promise<string | undefined> {
  const deadline = Date.now() + SECONDS * 1000;
  for (;;) {
    const lines = (await site.engine.logs(site.edge, since)).split("\n");
    const line = lines.find((text) => text.includes(mark));
    if (line !== undefined || Date.now() > deadline) return line;
    // Some servers write their log in blocks.
    await sleep(300);
  }
}
