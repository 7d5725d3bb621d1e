import { type Check, none } from "../check.ts";

const FORGED = {
  "x-forwarded-for": "127.0.0.1, 192.0.2.66",
  "x-forwarded-host": "evil.example",
  "x-forwarded-server": "evil.example",
  "x-forwarded-proto": "http",
  forwarded: "for=127.0.0.1;host=evil.example;proto=http",
  "x-py4web-appname": "/evil",
  "x-script-name": "/evil",
  "x-real-ip": "127.0.0.1",
  "x-original-url": "/_dashboard",
  "x-rewrite-url": "/_dashboard",
};

export const forgedHeaders: Check = {
  name: "What a visitor claims about the way here is not believed",
  recipe: "recipes 3 and 11; known failure: web2py and py4web believe X-Forwarded-*",
  async run(site) {
    // To write without an account leads to the sign-in: a redirect and a cookie in one.
    const sent = {
      method: "POST",
      body: "",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    };
    const [page, move, plain] = await Promise.all([
      site.ask(site.home, { headers: FORGED }),
      site.ask(site.home, { ...sent, headers: { ...sent.headers, ...FORGED } }),
      site.ask(site.home, { plain: true, headers: { ...FORGED, "x-forwarded-proto": "https" } }),
    ]);
    const honest = await site.ask(site.home);
    const deviations: string[] = [];
    if (page.status !== honest.status)
      deviations.push(`a page answers ${page.status} instead of ${honest.status}`);
    for (const [what, { text, headers }] of Object.entries({ page, redirect: move, "plain page": plain })) {
      if (/evil/.test(text) || /evil/.test(JSON.stringify(headers)))
        deviations.push(`the ${what} speaks of evil`);
    }
    const links = (text: string) => JSON.stringify(text.match(/(?:href|src|action)="[^"#?]*/g));
    if (links(page.text) !== links(honest.text)) deviations.push("links of the page differ");
    const location = move.headers.location;
    if (
      location !== undefined &&
      !`${location}`.startsWith("/") &&
      !`${location}`.startsWith(site.url("/"))
    ) {
      deviations.push(`a redirect leads to ${location}`);
    }
    for (const cookie of [page.headers["set-cookie"], move.headers["set-cookie"]].flat()) {
      if (cookie !== undefined && !/;\s*secure/i.test(cookie)) {
        deviations.push(`the cookie ${cookie.split("=")[0]} lacks Secure`);
      }
    }
    if (plain.status !== 308) deviations.push(`plain http answers ${plain.status}`);
    return none(deviations, "same links, same host, Secure cookies", "as without the forged headers");
  },
};
