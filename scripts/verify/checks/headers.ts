import { type Check, failed, none, pass } from "../check.ts";
import { get, send } from "../connection.ts";
import { staticPathsOf } from "./static-files.ts";

const ONCE = [
  "X-Content-Type-Options",
  "Referrer-Policy",
  "X-Frame-Options",
  "Content-Security-Policy",
  "Permissions-Policy",
];

export const securityHeaders: Check = {
  name: "Each security header is there exactly once, on pages, errors and static files",
  recipe: "recipe 11",
  async run(site) {
    const [file] = await staticPathsOf(site);
    const paths = [site.home, site.unheardOf(), "/%", ...(file === undefined ? [] : [file])];
    const deviations: string[] = [];
    for (const path of paths) {
      const { text } = await get(site, path);
      const head = text.split("\r\n\r\n")[0] ?? "";
      for (const name of ONCE) {
        const count = head.match(new RegExp(`^${name}:`, "gim"))?.length ?? 0;
        if (count !== 1) deviations.push(`${name} ${count} times on ${path}`);
      }
    }
    return none(deviations, `${ONCE.length} headers on ${paths.length} paths`, "each exactly once");
  },
};

export const noVersion: Check = {
  name: "No header tells a version of the software",
  recipe: "recipe 1",
  async run(site) {
    const heads = await Promise.all(
      [site.home, site.unheardOf(), "/%"].map(
        async (path) => (await get(site, path)).text.split("\r\n\r\n")[0] ?? "",
      ),
    );
    const lines = heads.join("\r\n").match(/^(?:Server|X-Powered-By|Via):.*$/gim) ?? [];
    const telling = lines.filter((line) => /\d|powered/i.test(line));
    const seen = [...new Set(lines)].join(", ") || "no such header";
    return telling.length === 0
      ? pass(seen)
      : failed(seen, "a Server header without numbers, and no X-Powered-By");
  },
};

export const trace: Check = {
  name: "TRACE is refused",
  recipe: "recipe 1",
  async run(site) {
    const request = `TRACE ${site.home} HTTP/1.1\r\nHost: ${site.hostname}:${site.ports.https}\r\nX-Probe: 1\r\nConnection: close\r\n\r\n`;
    const { status, text } = await send(site, request);
    const echoed = text.includes("X-Probe");
    const seen = `${status}${echoed ? ", with the request in it" : ""}`;
    return [403, 405, 501].includes(status) && !echoed ? pass(seen) : failed(seen, "405, 403 or 501");
  },
};
