import { type Check, none } from "../check.ts";
import type { Site } from "../site.ts";

const PATHS = [
  "/admin",
  "/admin/default/index",
  "/admin/default/site",
  "/admin/shell/index",
  "/appadmin",
  "/appadmin/index",
  "/_dashboard",
  "/_dashboard/index",
  "/_dashboard/apps",
  "/_dashboard/dbadmin",
  "/_dashboard/rest",
];
const BELOW = ["appadmin", "appadmin/index", "appadmin/insert/db/auth_user", "dbadmin"];
/** Of a visitor who says to be the machine itself, which is how web2py opens its administration. */
const LOCAL = { "x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1", forwarded: "for=127.0.0.1" };

export const adminClosed: Check = {
  name: "The framework's administration is reached as declared, and nowhere without a password",
  recipe: "recipes 2 and 11; known failure: web2py opens admin to who claims to be 127.0.0.1",
  async run(site) {
    const { admin } = site.declared;
    const paths = pathsOf(site);
    const deviations = await Promise.all(
      paths.map(async (path) => {
        const [asked, claimed] = await Promise.all([site.ask(path), site.ask(path, { headers: LOCAL })]);
        const strange = await site.strange(path);
        return [asked, claimed].flatMap(({ status, headers }, at) => {
          const as = at === 0 ? path : `${path} as 127.0.0.1`;
          const hidden = [400, 403, 404].includes(status) || status === strange;
          // A form that asks for the password, or the way to one.
          const asks = [200, 302, 303, 307, 401].includes(status);
          if (admin !== "over-tls") return hidden ? [] : [`${as}: ${status}`];
          if (!hidden && !asks) return [`${as}: ${status}`];
          return open(at === 0 ? asked.text : claimed.text)
            ? [`${as}: open without a password`]
            : cookies(as, headers);
        });
      }),
    );
    return none(
      deviations.flat(2),
      `${admin}: ${paths.length} paths`,
      admin === "over-tls" ? "a password is asked for" : "as any path that does not exist",
    );
  },
};

export const adminPlain: Check = {
  name: "The framework's administration is never answered over plain http",
  recipe: "recipes 2 and 11",
  async run(site) {
    const paths = pathsOf(site);
    const deviations = await Promise.all(
      paths.map(async (path) => {
        const { status, headers } = await site.ask(path, { plain: true, headers: LOCAL });
        // Where there is an administration, nobody may get used to typing its address without https.
        const moved = site.declared.admin === "disabled" && (status === 308 || status === 301);
        const safe = moved ? `${headers.location}`.startsWith("https://") : status >= 400 && status < 500;
        return [
          ...(safe ? [] : [`${path}: ${status}`]),
          ...(headers["set-cookie"] === undefined ? [] : [`${path} sets a cookie`]),
        ];
      }),
    );
    return none(
      deviations.flat(),
      `${paths.length} paths, none of them answered`,
      "a redirect to https, or a refusal",
    );
  },
};

/** What the sources of the applications say, and what web2py and py4web have by themselves. */
function pathsOf(site: Site): readonly string[] {
  const names = [...new Set(["welcome", ...site.apps.flatMap(({ applications }) => applications)])];
  const said = site.declared.routes.flatMap(({ adminPaths }) => adminPaths);
  return [
    ...new Set([
      ...said.flatMap((path) => names.map((name) => path.replaceAll("*", name))),
      ...(site.declared.admin === "disabled" ? PATHS : []),
      ...(site.declared.admin === "disabled"
        ? names.flatMap((name) => BELOW.map((path) => `/${name}/${path}`))
        : []),
    ]),
  ];
}

/** What only who is signed in may see. */
function open(text: string): boolean {
  return /name="(?:deploy|upload)_?app"|Installed applications|Available databases and tables|"apps":\s*\[/i.test(
    text,
  );
}

function cookies(
  path: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string[] {
  return [headers["set-cookie"] ?? []]
    .flat()
    .flatMap((cookie) => (/;\s*secure/i.test(cookie) ? [] : [`${path}: a cookie without Secure`]));
}
