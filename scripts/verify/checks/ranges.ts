import { type Check, none } from "../check.ts";
import type { Site } from "../site.ts";
import { staticPathsOf } from "./static-files.ts";

/** Headers of the parts and of the answer. */
const FRAME = 64 * 1024;

export const ranges: Check = {
  name: "Ranges and conditions are answered right, and many ranges do not multiply a file",
  recipe: "recipes 1 and 3; known failure: CVE-2011-3192",
  async run(site) {
    const paths = await staticPathsOf(site);
    const [path] = paths;
    if (path === undefined) return none([], "the pages link no static file", "");
    const whole = await site.ask(path);
    const { length } = whole.body;
    const tag = `${whole.headers.etag ?? ""}`;
    const modified = `${whole.headers["last-modified"] ?? ""}`;
    const ask = (headers: Record<string, string>, method = "GET") => site.ask(path, { headers, method });
    const overlapping = Array.from({ length: 1300 }, (_, at) => `${at % 7}-`).join(",");
    const [beyond, odd, two, many, reversed, old, newer, kept, other, head] = await Promise.all([
      ask({ range: `bytes=${length}-` }),
      ask({ range: "lines=1-2" }),
      ask({ range: "bytes=0-0,2-2" }),
      ask({ range: `bytes=${overlapping}` }),
      ask({ range: "bytes=5-2" }),
      ask({ range: "bytes=0-3", "if-range": "Thu, 01 Jan 1970 00:00:00 GMT" }),
      ask({ range: "bytes=0-3", "if-range": modified }),
      ask({ "if-none-match": tag === "" ? "*" : tag }),
      ask({ "if-none-match": '"another"' }),
      ask({}, "HEAD"),
    ]);
    const all = (answer: { status: number; body: Buffer }) =>
      answer.status === 200 && answer.body.length === length;
    const wanted: readonly [boolean, string][] = [
      [beyond.status === 416 || all(beyond), `${beyond.status} to a range beyond the end`],
      [all(odd), `${odd.status} to a unit that nobody knows`],
      [
        all(two) ||
          (two.status === 206 &&
            // Near ranges may be sent as one that holds both (RFC 9110, section 15.3.7.2).
            (/^bytes 0-2\//.test(`${two.headers["content-range"] ?? ""}`) ||
              `${two.headers["content-type"]}`.startsWith("multipart/byteranges"))),
        `${two.status} to two ranges`,
      ],
      [
        many.status !== 206 || many.body.length <= 2 * length + FRAME,
        `${many.body.length} bytes to 1300 ranges of a file of ${length}`,
      ],
      [many.status < 500, `${many.status} to 1300 ranges`],
      [all(reversed) || reversed.status === 416, `${reversed.status} to a range from behind`],
      [all(old), `${old.status} to a range of an older file`],
      [newer.status === 206 || all(newer), `${newer.status} to a range of this file`],
      [tag === "" || (kept.status === 304 && kept.body.length === 0), `${kept.status} to If-None-Match`],
      [all(other), `${other.status} to If-None-Match of another file`],
      [
        head.status === 200 &&
          head.body.length === 0 &&
          `${head.headers["content-length"] ?? length}` === `${length}`,
        `${head.status} with ${head.body.length} bytes to HEAD`,
      ],
    ];
    return none(
      wanted.flatMap(([good, deviation]) => (good ? [] : [deviation])),
      `${path}: ${many.status} with ${many.body.length} bytes to 1300 ranges of a file of ${length}`,
      "206, 304, 416 or the whole file, as RFC 9110 has it",
    );
  },
};

export const pagesNotShared: Check = {
  name: "No cache may keep a page that sets a cookie for others",
  recipe: "recipe 3; RFC 9111",
  async run(site: Site) {
    const homes = site.declared.routes.map(({ at }) => at);
    const answers = await Promise.all(homes.map((at) => site.ask(at, { alone: true })));
    return none(
      answers.flatMap(({ headers }, at) => {
        const shared = /\bpublic\b|s-maxage|\bimmutable\b/i.test(`${headers["cache-control"] ?? ""}`);
        return shared && headers["set-cookie"] !== undefined
          ? [`${homes[at]}: ${headers["cache-control"]}`]
          : [];
      }),
      answers
        .map(({ headers }, at) => `${homes[at]}: ${headers["cache-control"] ?? "no Cache-Control"}`)
        .join(", "),
      "not public",
    );
  },
};
