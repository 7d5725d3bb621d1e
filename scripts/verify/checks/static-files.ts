import { type Check, none } from "../check.ts";
import type { Site } from "../site.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css",
  js: "text/javascript",
  svg: "image/svg+xml",
  png: "image/png",
};

export const staticFiles: Check = {
  name: "Static files have their type, may be kept, and are sent in part or not again when asked so",
  recipe: "recipes 1 and 3",
  async run(site) {
    const paths = await staticPathsOf(site);
    if (paths.length === 0) return none([], "the pages link no static file", "");
    const deviations: string[] = [];
    for (const path of paths) deviations.push(...(await deviationsOf(path)));
    return none(deviations, `${paths.join(", ")}: type, Cache-Control, 304, 206`, "right in each");

    async function deviationsOf(path: string): Promise<readonly string[]> {
      const whole = await site.ask(path);
      const type = TYPES[path.split(".").at(-1) ?? ""] ?? "";
      const modified = `${whole.headers["last-modified"] ?? ""}`;
      const again = await site.ask(path, { headers: { "if-modified-since": modified } });
      const part = await site.ask(path, { headers: { range: "bytes=2-5" } });
      const wanted: readonly [boolean, string][] = [
        [whole.status === 200, `answers ${whole.status}`],
        [`${whole.headers["content-type"]}`.startsWith(type), `has type ${whole.headers["content-type"]}`],
        [
          /max-age=[1-9]/.test(`${whole.headers["cache-control"]}`),
          `has Cache-Control ${whole.headers["cache-control"]}`,
        ],
        [whole.headers["set-cookie"] === undefined, "sets a cookie"],
        [modified !== "", "has no Last-Modified"],
        [again.status === 304 && again.body.length === 0, `answers ${again.status} to If-Modified-Since`],
        [
          part.status === 206 && part.body.equals(whole.body.subarray(2, 6)),
          `answers ${part.status} to a Range of four bytes`,
        ],
      ];
      return wanted.flatMap(([good, deviation]) => (good ? [] : [`${path} ${deviation}`]));
    }
  },
};

const MOST_FILES = 5;

/** Paths of static files that the pages of the site link. */
export async function staticPathsOf(site: Site): Promise<readonly string[]> {
  const pages = await Promise.all(site.declared.routes.map(({ at }) => site.ask(at)));
  const links = pages.flatMap(
    ({ text }) => text.match(/\/[^"'\s?=<>]*static\/[^"'\s?<>]+\.(?:css|js|svg|png)/g) ?? [],
  );
  return [...new Set(links)].slice(0, MOST_FILES);
}

export const noListing: Check = {
  name: "Folders are not listed",
  recipe: "recipe 1",
  async run(site) {
    const paths = [
      "/static",
      "/static/",
      "/static/_1.0.0/",
      "/.slipway/",
      "/icons/",
      "/cgi-bin/",
      "/server-status",
    ];
    const answers = await Promise.all(
      paths.map(async (path) => ({ path, strange: await site.strange(path), ...(await site.ask(path)) })),
    );
    return none(
      answers.flatMap(({ path, status, strange, text }) =>
        ((status >= 400 && status < 500) || status === strange) && !/Index of/i.test(text)
          ? []
          : [`${path}: ${status}`],
      ),
      paths.join(", "),
      "403 or 404 for each",
    );
  },
};
