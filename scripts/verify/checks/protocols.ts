import { connect, constants } from "node:http2";
import { type Check, failed, none, pass } from "../check.ts";
import { authority, get } from "../connection.ts";
import { pseudo, request } from "../http2.ts";
import type { Site } from "../site.ts";

const SECONDS = 10;

export const protocols: Check = {
  name: "The site answers alike over every protocol that it speaks",
  recipe: "recipe 2",
  async run(site) {
    const both = site.declared.protocols.includes("h2");
    const [one, two] = await Promise.all([get(site, site.home), both ? http2(site) : undefined]);
    const seen = `http/1.1: ${one.status}${both ? `, h2: ${two}` : ""}`;
    const alike = one.status > 0 && one.status < 400 && (!both || two === one.status);
    return alike ? pass(seen) : failed(seen, "a page, and the same status from each");
  },
};

/** What HTTP/1.1 could not carry, or would carry as something else: RFC 9113, sections 8.1.1, 8.2 and 8.3. */
function downgrades(host: string, home: string): readonly (readonly [string, Fields, string?])[] {
  const get = pseudo(host, home);
  const post = pseudo(host, home, "POST");
  const hidden = `GET /smuggled HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  return [
    ["Transfer-Encoding", [...post, ["transfer-encoding", "chunked"]], `0\r\n\r\n${hidden}`],
    ["a length that is too short", [...post, ["content-length", "3"]], `abc${hidden}`],
    ["a length that is too long", [...post, ["content-length", "500"]], "abc"],
    ["two lengths", [...post, ["content-length", "3"], ["content-length", "4"]], "abc"],
    ["Connection", [...get, ["connection", "keep-alive, x-forwarded-for"]]],
    ["a line end in a value", [...get, ["x", "a\r\nTransfer-Encoding: chunked"]]],
    ["a NUL in a value", [...get, ["x", "a\0b"]]],
    ["a line end in a name", [...get, ["x: a\r\ny", "b"]]],
    ["a colon in a name", [...get, ["x:y", "b"]]],
    ["a name in upper case", [...get, ["X-Probe", "b"]]],
    ["a request line in the method", pseudo(host, home, `GET ${home} HTTP/1.1\r\nX: `)],
    ["a request line in the path", pseudo(host, `${home} HTTP/1.1\r\nX: y`)],
    ["a path without a slash", pseudo(host, "evil.example/")],
    ["a second path", [...get, [":path", "/evil"]]],
    ["a path after the fields", [...pseudo(host, home).slice(0, 3), ["x", "a"], [":path", home]]],
    ["a pseudo-header that nobody knows", [...get, [":evil", "1"]]],
  ];
}

type Fields = readonly (readonly [string, string])[];

export const http2Malformed: Check = {
  name: "What HTTP/1.1 would read differently is refused over HTTP/2",
  recipe: "recipe 2; RFC 9113, section 8; known failure: HTTP/2 downgrade smuggling",
  async run(site) {
    if (!site.declared.protocols.includes("h2")) return pass("HTTP/2 is not declared");
    const host = authority(site);
    const honest = await request(site, pseudo(host, site.home));
    // The way of asking itself must be able to succeed, or the refusals prove nothing.
    if (typeof honest !== "number") return failed(`an honest request: ${honest}`, "an answer");
    const shapes = downgrades(host, site.home);
    const outcomes = await Promise.all(shapes.map(([, fields, body]) => request(site, fields, body)));
    return none(
      outcomes.flatMap((outcome, at) =>
        outcome === "refused" || outcome === 400 || outcome === 501
          ? []
          : [`${shapes[at]?.[0]}: ${outcome || "answered"}`],
      ),
      `${shapes.length} shapes, all refused`,
      "a reset stream, 400, or 501 for a method that nobody knows",
    );
  },
};

function http2(site: Site): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connect(`https://${site.hostname}:${site.ports.https}`, {
      rejectUnauthorized: false,
      lookup: site.lookup,
    });
    session.setTimeout(SECONDS * 1000, () => session.destroy(new Error(`no answer within ${SECONDS} s`)));
    session.once("error", reject);
    const stream = session.request({ [constants.HTTP2_HEADER_PATH]: site.home });
    stream.once("error", reject);
    stream.once("response", (headers) => {
      stream.close();
      session.close();
      resolve(Number(headers[":status"]));
    });
  });
}
