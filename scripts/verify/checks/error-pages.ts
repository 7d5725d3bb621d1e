import { type Check, none } from "../check.ts";
import { authority, get, send } from "../connection.ts";

/** Names of software with a version, and what programs print when they fail. */
const TELLING =
  /(?:Apache|nginx|lighttpd|HAProxy|Pound|uWSGI|gunicorn|waitress|Werkzeug|Rocket|Python|OpenSSL|mod_\w+)[/ ]v?\d|Traceback \(most recent|File "\/|line \d+, in \w|\/srv\/|\/usr\/(?:lib|share)\/|at Port \d+/i;

export const errorPages: Check = {
  name: "Error pages have the right status, and tell nothing of the software",
  recipe: "recipe 1",
  async run(site) {
    const host = `Host: ${authority(site)}`;
    const close = "Connection: close";
    const ask = (...lines: string[]) => send(site, `${lines.join("\r\n")}\r\n\r\n`);
    const length = site.declared.bodyLimit + 1;
    const missing = await site.strange(site.home);
    const answers = await Promise.all(
      [
        { what: "a page that is not there", wanted: [missing], answer: get(site, site.unheardOf()) },
        {
          what: "a static file that is not there",
          wanted: [404, missing],
          answer: get(site, "/static/no-such-file.css"),
        },
        {
          what: "a body that is too large",
          wanted: [413],
          answer: ask(
            `POST ${site.home} HTTP/1.1`,
            host,
            close,
            "Content-Type: text/plain",
            `Content-Length: ${length}`,
          ),
        },
        { what: "another name", wanted: [421], answer: ask("GET / HTTP/1.1", "Host: evil.example", close) },
        {
          what: "a header that is too large",
          wanted: [400, 431],
          answer: ask(`GET ${site.home} HTTP/1.1`, host, close, `X-Probe: ${"a".repeat(40_000)}`),
        },
        {
          what: "a request that is none",
          wanted: [400, 405, 501],
          answer: ask("\x16\x03\x01 HTTP/1.1", host, close),
        },
        {
          what: "a method that nobody knows",
          wanted: [400, 405, 501, 404, 403],
          answer: ask(`BREW ${site.home} HTTP/1.1`, host, close),
        },
        {
          what: "CONNECT",
          wanted: [400, 403, 404, 405, 501, 421],
          answer: ask("CONNECT evil.example:443 HTTP/1.1", "Host: evil.example:443", close),
        },
        {
          what: "an expectation that nobody meets",
          wanted: [417, 400, 200, missing],
          answer: ask(`GET ${site.home} HTTP/1.1`, host, close, "Expect: a-miracle"),
        },
      ].map(async ({ what, wanted, answer }) => ({ what, wanted, ...(await answer) })),
    );
    const deviations = answers.flatMap(({ what, wanted, status, text }) => {
      const [head = "", ...rest] = text.split("\r\n\r\n");
      const body = rest.join("\r\n\r\n");
      const type = /^content-type:\s*([^;\r\n]*)/im.exec(head)?.[1] ?? "none";
      const html = type === "text/html";
      return [
        ...(wanted.includes(status) || (status === 0 && wanted.includes(400))
          ? []
          : [`${what}: ${status} instead of ${wanted.join(" or ")}`]),
        ...(TELLING.test(text) ? [`${what}: ${status} tells ${TELLING.exec(text)?.[0]}`] : []),
        ...(status >= 400 && html && !/<(?:h1|title)[\s>]/i.test(body)
          ? [`${what}: ${status} with no headline`]
          : []),
        ...(status >= 400 && body.length > 0 && type === "none" ? [`${what}: ${status} without a type`] : []),
      ];
    });
    return none(
      deviations,
      answers.map(({ what, status }) => `${status} to ${what}`).join(", "),
      "the right status, no version, no path, no trace",
    );
  },
};
