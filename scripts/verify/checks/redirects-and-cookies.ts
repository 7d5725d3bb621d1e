import { type Check, none } from "../check.ts";
import type { Answer, Site } from "../site.ts";

const MOST_LINKS = 12;
const FORM = { "content-type": "application/x-www-form-urlencoded" };

export const redirectsAndCookies: Check = {
  name: "Redirects and cookies carry the public name and port, and cookies can't leave TLS",
  recipe: "recipes 3 and 11",
  async run(site) {
    const pages = await visit(site);
    const deviations: string[] = [];
    let redirects = 0;
    const names = new Set<string>();
    for (const { path, status, headers } of pages) {
      const { location } = headers;
      if (location !== undefined) {
        redirects++;
        const target = publicPath(site, `${location}`);
        if (target === undefined) deviations.push(`${path} leads to ${location}`);
        else if (status !== 308) {
          const { status: there } = await site.ask(target);
          if (there >= 400 && there !== 401)
            deviations.push(`${path} leads to ${location}, which answers ${there}`);
        }
      }
      for (const cookie of [headers["set-cookie"] ?? []].flat()) {
        const [name = ""] = cookie.split("=");
        names.add(name);
        deviations.push(...faultsOf(site, cookie).map((fault) => `the cookie ${name} of ${path} ${fault}`));
      }
    }
    const seen = `${pages.length} pages, ${redirects} redirects, cookies: ${[...names].join(", ") || "none"}`;
    return none([...new Set(deviations)], seen, "the site's own addresses; Secure, HttpOnly, SameSite");
  },
};

async function visit(site: Site): Promise<readonly (Answer & { path: string })[]> {
  const homes = site.declared.routes.map(({ at }) => at);
  const first = await Promise.all(homes.map((path) => site.ask(path, { alone: true })));
  const links = first.flatMap(({ text }, at) => linksOf(text, site, homes[at] ?? "/"));
  const slashes = homes.filter((at) => at !== "/").map((at) => `${at}/`);
  const inner = site.apps.flatMap(({ applications }) => applications.map((name) => `/${name}`));
  const paths = [...new Set([...slashes, ...inner, ...links])].slice(0, MOST_LINKS);
  const [more, sent] = await Promise.all([
    Promise.all(paths.map((path) => site.ask(path, { alone: true }))),
    // To write without an account leads to the sign-in.
    Promise.all(
      homes.map((path) => site.ask(path, { method: "POST", body: "", headers: FORM, alone: true })),
    ),
  ]);
  return [
    ...first.map((answer, at) => ({ path: homes[at] ?? "", ...answer })),
    ...more.map((answer, at) => ({ path: paths[at] ?? "", ...answer })),
    ...sent.map((answer, at) => ({ path: `POST ${homes[at]}`, ...answer })),
  ];
}

function linksOf(text: string, site: Site, at: string): readonly string[] {
  return [...text.matchAll(/<a\s[^>]*href="([^"#]+)"/g)].flatMap(([, href = ""]) => {
    const { origin, pathname, search } = new URL(href.replaceAll("&amp;", "&"), site.url(at));
    return origin === new URL(site.url("/")).origin ? [`${pathname}${search}`] : [];
  });
}

/** The path of an address of the site; undefined when the address is somebody else's, or an inner one. */
function publicPath(site: Site, location: string): string | undefined {
  if (location.startsWith("/") && !location.startsWith("//") && !location.startsWith("/\\")) return location;
  if (/^[a-z][a-z0-9+.-]*:/i.test(location) || location.startsWith("//")) {
    return location === site.url("") || location.startsWith(site.url("/"))
      ? location.slice(site.url("").length) || "/"
      : undefined;
  }
  return undefined;
}

function faultsOf(site: Site, cookie: string): readonly string[] {
  const domain = /;\s*domain=\.?([^;]*)/i.exec(cookie)?.[1]?.trim();
  const faults = [
    !/;\s*secure\b/i.test(cookie) && "lacks Secure",
    !/;\s*httponly\b/i.test(cookie) && "lacks HttpOnly",
    !/;\s*samesite=(?:lax|strict)\b/i.test(cookie) && "lacks SameSite",
    domain !== undefined && domain !== site.hostname && `is for ${domain}`,
  ];
  return faults.filter((fault) => typeof fault === "string");
}
