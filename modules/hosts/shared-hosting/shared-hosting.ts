/**
 * Accounts of hosting companies, where the main configuration of Apache is out of reach (recipe 11.8).
 *
 *     npm run export -- prod --target shared-hosting --out ./upload
 */
import { readFileSync } from "node:fs";
import type { ExportTarget } from "../export/export-target.ts";
import type { ExportedFile } from "../export/exported-file.ts";
import { appsOf, type ExportedStack } from "../export/exported-stack.ts";
import { FASTCGI_REQUIREMENT, handlerFiles, PASSENGER_WSGI } from "./handlers.ts";
import { type HostedApp, hostedApp } from "./hosted-app.ts";
import { type HandlerName, htaccess, PRIVATE_HTACCESS, STATIC_HTACCESS } from "./htaccess.ts";
import { probes, readme } from "./readme.ts";
import { relocated } from "./relocation.ts";

const HANDLERS: readonly HandlerName[] = ["mod_python", "cgi", "fastcgi", "passenger"];

export const SHARED_HOSTING: ExportTarget = {
  name: "shared-hosting",
  description: "an account at a hosting company: .htaccess, and CGI, FastCGI, Passenger or mod_python",
  spreads: false,
  files(stack) {
    const apps = appsOf(stack).map((app) => hostedApp(stack, app));
    const [first] = apps;
    if (first !== undefined && apps.length === 1) return filesOf(stack, first);
    // One process has one application here, so each has a folder of its own.
    return [
      { path: "README.md", content: overview(stack.name, apps) },
      ...apps.flatMap((app) =>
        filesOf(stack, app).map((file) => ({ ...file, path: `${app.name}/${file.path}` })),
      ),
    ];
  },
};

function filesOf(stack: ExportedStack, app: HostedApp): readonly ExportedFile[] {
  return [
    { path: "README.md", content: readme(stack.name, app) },
    { path: "install.sh", content: installScript(app), mode: 0o755 },
    ...privateFiles(app).map((file) => ({ ...file, path: `private/${file.path}` })),
    ...app.statics.flatMap(({ path, files }) => [
      { path: `public/${path}/.htaccess`, content: STATIC_HTACCESS },
      ...[...files].map(([name, { content }]) => ({ path: `public/${path}/${name}`, content })),
    ]),
    ...HANDLERS.flatMap((handler) =>
      [
        { path: ".htaccess", content: htaccess({ ...app.htaccess, handler }) },
        ...handlerFiles(handler, app.folder),
      ].map((file) => ({ ...file, path: `${handler}/${file.path}` })),
    ),
  ];
}

function privateFiles(app: HostedApp): readonly ExportedFile[] {
  return [
    { path: ".htaccess", content: PRIVATE_HTACCESS },
    { path: "site.json", content: siteJson(app), mode: 0o600 },
    { path: "requirements.txt", content: [...app.requirements, FASTCGI_REQUIREMENT, ""].join("\n") },
    { path: "passenger_wsgi.py", content: PASSENGER_WSGI },
    ...["manage.py", "slipway_places.py", "slipway_settings.py", "slipway_site.py"].map((path) => ({
      path,
      content: readFileSync(new URL(`private/${path}`, import.meta.url), "utf8"),
    })),
    ...[...app.modules].map(([name, text]) => ({
      path: `slipway_node/${name}.py`,
      content: relocated(text),
    })),
    ...[...app.settings].map(([name, text]) => ({
      path: `settings/${name}`,
      content: name.endsWith(".py") ? relocated(text) : text,
    })),
    ...[...app.secrets].map(([name, content]) => ({ path: `secrets/${name}`, content, mode: 0o600 })),
    ...[...app.code].map(([path, { content, executable }]) => ({
      path: `app/${path}`,
      // web2py's routes name the folder of the code.
      content: path === "routes.py" ? relocated(content.toString()) : content,
      mode: executable ? 0o755 : 0o644,
    })),
  ];
}

/** What slipway_site.py and manage.py read. */
function siteJson(app: HostedApp): string {
  const { name, callable, prefix, headers, environment, migration, jobs } = app;
  const site = {
    name,
    behindProxy: false,
    callable,
    prefix,
    headers,
    environment,
    migration,
    jobs: jobs.map(({ name, timeout, command }) => ({ name, timeout, command })),
    probes: probes(app).map((probe) => ({ ...probe, path: belowMount(probe.path, app.at) })),
  };
  return `${JSON.stringify(site, undefined, 2)}\n`;
}

/** The address that is verified is that of the application. */
const belowMount = (path: string, at: string): string =>
  at !== "/" && path.startsWith(`${at}/`) ? path.slice(at.length) : path;

function installScript({ folder, at }: HostedApp): string {
  return readFileSync(new URL("install.sh", import.meta.url), "utf8")
    .replaceAll("@FOLDER@", folder)
    .replaceAll("@AT@", at === "/" ? "" : at);
}

function overview(stack: string, apps: readonly HostedApp[]): string {
  return `# The stack ${stack}, for shared hosts

Written by Slipway (\`npm run export\`). Each application is a folder with a README of its own, and needs an account, a domain or a
folder of one:

${apps.map(({ name, at }) => `- [${name}](${name}/README.md), at \`${at}\` of the site`).join("\n")}
`;
}
