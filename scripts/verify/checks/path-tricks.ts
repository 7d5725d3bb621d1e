import { type Check, none } from "../check.ts";
import { get } from "../connection.ts";

/** Code, configuration, passwords and what developers leave behind, by name and by way. */
const SECRETS = [
  "settings_private.py",
  "settings.py",
  "__init__.py",
  "controllers.py",
  ".git/config",
  ".git/HEAD",
  ".env",
  "requirements.txt",
  "templates/index.html",
  "databases/sql.log",
];
const WAYS = [
  (file: string) => `/${file}`,
  (file: string) => `/static/${file}`,
  (file: string) => `/static/../${file}`,
  (file: string) => `/static/..%2f${file}`,
  (file: string) => `/static/%2e%2e/${file}`,
  (file: string) => `/static/%2e%2e%2f${file}`,
  (file: string) => `/static/%252e%252e%252f${file}`,
  (file: string) => `/static/..\\${file}`,
  (file: string) => `/static/..%5c${file}`,
  (file: string) => `/static/.%2e/${file}`,
  (file: string) => `/static/....//${file}`,
  (file: string) => `/static/..;/${file}`,
  (file: string) => `//static//..//${file}`,
  (file: string) => `/static/%c0%ae%c0%ae/${file}`,
  (file: string) => `/static/_1.0.0/../../${file}`,
  (file: string) => `/static/_1.0.0/%2e%2e/%2e%2e/${file}`,
  (file: string) => `/${file}%00.css`,
  (file: string) => `/${file}%20`,
  (file: string) => `/${file}/`,
  (file: string) => `/${file}::$DATA`,
];
const ABSOLUTE = [
  "/static/../../../../../../etc/passwd",
  "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
  "/static//etc/passwd",
  "/static/..%2f..%2f..%2f..%2fetc%2fslipway%2fsettings_private.py",
  "/..%2f..%2f..%2frun/secrets",
  "/static/.htaccess",
  "/.htpasswd",
  "/%00",
  "/static/%00",
];
const AT_ONCE = 8;
/** What stands in files that nobody may see. */
const LEAK =
  /import os|from py4web|DB_URI|SESSION_SECRET|\[core\]|root:x:|ref: refs|\[\[extend|^py4web|^memcache/m;

export const pathTricks: Check = {
  name: "No way of writing a path leads to code, configuration or passwords",
  recipe: "recipe 1",
  async run(site) {
    const paths = [...SECRETS.flatMap((file) => WAYS.map((way) => way(file))), ...ABSOLUTE];
    const deviations: string[] = [];
    const queue = [...paths];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
          const { status, text } = await get(site, path);
          const body = text.split("\r\n\r\n").slice(1).join("\r\n\r\n");
          if (![400, 403, 404].includes(status)) deviations.push(`${path}: ${status}`);
          else if (LEAK.test(body)) deviations.push(`${path}: ${status}, with source in it`);
        }
      }),
    );
    return none(deviations.slice(0, 12), `${paths.length} ways, all refused`, "400, 403 or 404 for each");
  },
};

export const stockApplications: Check = {
  name: "The applications that py4web brings along are not there",
  recipe: "recipe 20",
  async run(site) {
    const names = ["_dashboard", "_documentation", "_default", "_scaffold", "_minimal", "showcase"];
    const paths = [
      ...names.flatMap((name) => [`/${name}`, `/${name}/index`]),
      "/admin",
      "/guestbook/_dashboard",
    ];
    const answers = await Promise.all(paths.map(async (path) => ({ path, ...(await site.ask(path)) })));
    return none(
      answers.flatMap(({ path, status }) => (status === 404 ? [] : [`${path}: ${status}`])),
      `${paths.length} paths, all 404`,
      "404 for each",
    );
  },
};
