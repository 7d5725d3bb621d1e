import type { ExportTarget } from "../export/export-target.ts";
import { type ExportedDatabase, exportedDatabases } from "../export/exported-database.ts";
import type { ExportedFile } from "../export/exported-file.ts";
import { edgeOf, mountOf, type RoutedApp, routedApps, siteOf, visitedPath } from "../export/exported-site.ts";
import type { ExportedStack } from "../export/exported-stack.ts";
import { frontModule } from "../export/front-module.ts";
import { type PlacedApp, placedApp, writableFolders } from "../export/placed-app.ts";
import { environmentModule, prepareScript } from "../export/python-entry.ts";
import { relocated } from "../export/relocation.ts";
import { cherokeeConf, type FastCgiSource } from "./cherokee-conf.ts";
import {
  ADMIN_CONSOLE_PORT,
  appFolder,
  CONFIGURATION,
  currentRelease,
  pidFileOf,
  socketOf,
  stackFolder,
} from "./cherokee-layout.ts";
import { refuseReplicas } from "./cherokee-limits.ts";
import { fastCgiIni, startScript } from "./fastcgi.ts";
import { installScript } from "./install-script.ts";
import { cherokeeReadme } from "./readme.ts";
import { released, releaseOf } from "./release.ts";

/** Recipe 9. */
export const CHEROKEE: ExportTarget = {
  name: "cherokee",
  description: "Debian with Cherokee, which starts the applications by FastCGI",
  spreads: false,
  files: cherokeeFiles,
};

function cherokeeFiles(stack: ExportedStack): readonly ExportedFile[] {
  refuseReplicas(stack);
  const edge = edgeOf(stack);
  const site = siteOf(stack, {
    certificate: { chain: `${CONFIGURATION}/tls/chain.pem`, key: `${CONFIGURATION}/tls/key.pem` },
    ports: { http: 80, https: 443 },
  });
  // The longest path first, as on the edge of a container.
  const apps = [...routedApps(stack)]
    .sort((one, other) => other.route.at.length - one.route.at.length)
    .map((routed) => {
      const { name } = routed.app.described;
      const root = appFolder(stack.name, name);
      const placed = placedApp(stack, routed.app, { root, folder: name, cache: true });
      const release = releaseOf(appFiles(stack, routed, placed));
      return { routed, release, files: appFiles(stack, routed, released(placed, release)) };
    });
  const databases = exportedDatabases(stack);
  const caches = stack.description.workloads.filter(({ role }) => role === "cache");
  return [
    {
      path: "README.md",
      content: cherokeeReadme({
        stack: stack.name,
        apps: apps.map(({ routed }) => routed.app.described.name),
        hostname: edge.hostname,
        databases,
        caches: caches.flatMap(({ nodes }) => nodes),
        tunnel: site.listen.admin,
        missing: missing(stack),
      }),
    },
    {
      path: "install.sh",
      mode: 0o755,
      content: installScript({
        stack: stack.name,
        apps: apps.map(({ routed: { app }, release }) => ({
          name: app.described.name,
          release,
          writable: writableFolders(app),
        })),
        services: [...databases.map(({ name }) => name), ...caches.flatMap(({ nodes }) => nodes)],
        hostname: edge.hostname,
        address: edge.address,
        https: site.listen.https,
        healthPaths: apps.map(({ routed }) =>
          visitedPath(routed.app.workload.environment.SLIPWAY_HEALTH_PATH ?? "/", mountOf(routed)),
        ),
      }),
    },
    { path: "start-admin.sh", mode: 0o755, content: adminScript() },
    {
      path: "cherokee.conf",
      content: cherokeeConf({
        stack: stack.name,
        site,
        address: edge.address,
        sources: apps.map(({ routed }) => source(stack, routed)),
        emptyFolder: `${stackFolder(stack.name)}/empty`,
      }),
    },
    ...apps.flatMap(({ files }) => files),
    ...databases.flatMap((database) => databaseFiles(stack, database)),
  ];
}

function appFiles(stack: ExportedStack, routed: RoutedApp, placed: PlacedApp): readonly ExportedFile[] {
  const { name } = routed.app.described;
  const { root } = placed.placement;
  const server = { socket: socketOf(stack.name, name), pidFile: pidFileOf(stack.name, name) };
  return [
    { path: `${name}/uwsgi.ini`, content: fastCgiIni(placed, server) },
    { path: `${name}/start.sh`, mode: 0o755, content: startScript(placed) },
    { path: `${name}/slipway_environment.py`, content: environmentModule(placed) },
    {
      path: `${name}/slipway_front.py`,
      content: frontModule({
        settings: `sys.path.insert(0, "${root}")\nimport slipway_environment  # noqa: E402, F401\n`,
        app: mountOf(routed),
        visitor: "REMOTE_ADDR",
        // uWSGI believes what the header X-Forwarded-Proto says.
        scheme: '"https" if environ.get("HTTPS") == "on" else "http"',
        // Cherokee says it.
        strictTransport: false,
      }),
    },
    { path: `${name}/prepare.py`, content: prepareScript() },
    {
      path: `${name}/requirements.txt`,
      content: ["# Written by Slipway.", ...placed.requirements].map((line) => `${line}\n`).join(""),
    },
    ...placed.files,
    ...placed.secrets,
  ];
}

function databaseFiles(
  { name: stack }: ExportedStack,
  { name, roles, secrets }: ExportedDatabase,
): readonly ExportedFile[] {
  const places = new Map([["/run/secrets", `${stackFolder(stack)}/${name}`]]);
  return [
    {
      path: `${name}/roles.sql`,
      content: `-- Written by Slipway; it may be run again.\n${relocated(roles, places)}`,
    },
    ...[...secrets].map(([file, content]) => ({ path: `${name}/secrets/${file}`, content, mode: 0o600 })),
  ];
}

function source({ name: stack }: ExportedStack, { app, route }: RoutedApp): FastCgiSource {
  const { name } = app.described;
  const mount = route.at === "/" ? "" : route.at;
  return {
    name,
    at: route.at,
    socket: socketOf(stack, name),
    interpreter: `${currentRelease(stack, name)}/start.sh`,
    statics: route.staticPaths.map((path) => ({
      path,
      folder: `${appFolder(stack, name)}/static${path.slice(mount.length)}`,
    })),
  };
}

function adminScript(): string {
  return `#!/bin/sh
# Written by Slipway: Cherokee's own administration, on the loopback address alone; README.md has the way there through SSH.
set -eu
exec cherokee-admin --bind=127.0.0.1 --port=${ADMIN_CONSOLE_PORT} --target=${CONFIGURATION}/cherokee.conf
`;
}

function missing({ description }: ExportedStack): readonly string[] {
  const jobs = description.apps.flatMap((app) => app.jobs.map(({ name }) => `${app.name}: ${name}`));
  return [
    "TLS 1.3, which Cherokee does not know.",
    "Releases without a gap: the FastCGI server ends, and the next request starts another one.",
    "Limits of memory, and the pages for an outage and a maintenance.",
    ...(jobs.length > 0 ? [`Jobs (${jobs.join(", ")}): make timers of systemd.`] : []),
    ...(description.backups.length > 0 ? ["Backups: take `pg_dump` and a timer, to another machine."] : []),
    ...(description.edges.some(({ certificate }) => certificate === "acme")
      ? ["A certificate that is renewed by itself: use dehydrated or certbot."]
      : []),
  ];
}
