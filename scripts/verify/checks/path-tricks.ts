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
  "private/appconfig.ini",
  "models/db.py",
  "wsgihandler.py",
  "parameters_443.py",
  "uwsgi.ini",
];
/** What editors, packers and version control make of a file. */
const COPIES = ["settings.py", "__init__.py", "settings_private.py", "index.html"].flatMap((file) => [
  ...[
    `${file}.bak`,
    `${file}~`,
    `${file}.old`,
    `${file}.orig`,
    `${file}.save`,
    `.${file}.swp`,
    `${file}.zip`,
    `${file}c`,
  ],
]);
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
  (file: string) => `/static/${file}::$DATA`,
  (file: string) => `/static/${file}%00.css`,
  (file: string) => `/static/..%00/${file}`,
  (file: string) => `/static/..;v=1/${file}`,
  (file: string) => `/static;a=b/../${file}`,
  (file: string) => `/static/.../${file}`,
  (file: string) => `/static/../${file}.`,
  (file: string) => `/static/%2e%2e%5c${file}`,
  (file: string) => `/static/..%c1%9c${file}`,
  (file: string) => `/static/..%ef%bc%8f${file}`,
  (file: string) => `/static/..%255c${file}`,
  (file: string) => `/static/%252e%252e/${file}`,
  (file: string) => `/STATIC/../${file}`,
  (file: string) => `/./${file}`,
  (file: string) => `/%2e/${file}`,
  (file: string) => `/static/x/../../${file}`,
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
  "/static/../../../../proc/self/environ",
  "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/run/secrets/tls-key",
  "/static/..%2f..%2f..%2fvar/lib/slipway/tls/key.pem",
  "/.svn/entries",
  "/.hg/store/00manifest.i",
  "/.DS_Store",
  "/web.config",
  "/Dockerfile",
  "/docker-compose.yml",
  "/.ssh/id_rsa",
];
const AT_ONCE = 8;
/** What stands in files that nobody may see. */
const LEAK =
  /^(?:import|from) [\w.]+(?: import|$)|^def \w+\(|DB_URI|SESSION_SECRET|\[core\]|root:x:|^ref: refs|\[\[extend|^py4web|^memcache|^\[uwsgi\]|PRIVATE KEY|SLIPWAY_\w+=/m;

export const pathTricks: Check = {
  name: "No way of writing a path leads to code, configuration or passwords",
  recipe: "recipe 1",
  async run(site) {
    // Below each route, and below the folder of each application, as a framework would lay it out.
    const folders = new Set([
      ...site.declared.routes.map(({ at }) => (at === "/" ? "" : at)),
      ...site.apps.flatMap(({ applications }) => applications.map((name) => `/${name}`)),
    ]);
    const forms = [
      ...SECRETS.flatMap((file) => WAYS.map((way) => way(file))),
      ...COPIES.flatMap((file) => [`/${file}`, `/static/${file}`, `/static/../${file}`]),
    ];
    const paths = [...[...folders].flatMap((folder) => forms.map((form) => `${folder}${form}`)), ...ABSOLUTE];
    const deviations: string[] = [];
    // An application may take every path there is; then what it answers must not be what stands in a file.
    const taken = new Set(await Promise.all([...folders, "/"].map((folder) => site.strange(folder || "/"))));
    const queue = [...paths];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
          // Who refuses a path may close the connection under the next one.
          const { status, text } = await site.ask(path).catch(() => get(site, path));
          if (LEAK.test(text)) deviations.push(`${path}: ${status}, with source in it`);
          else if (![400, 403, 404].includes(status) && !taken.has(status))
            deviations.push(`${path}: ${status}`);
        }
      }),
    );
    return none(
      deviations.slice(0, 12),
      `${paths.length} ways, none leads anywhere`,
      "400, 403 or 404 for each",
    );
  },
};
