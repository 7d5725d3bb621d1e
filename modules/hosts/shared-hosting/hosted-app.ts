import { adminPattern } from "../../edge/admin.ts";
import type { Schedule } from "../../jobs/schedule.ts";
import { INTERMEDIATE } from "../../tls/profile.ts";
import { InvalidValue } from "../../values/invalid-value.ts";
import { mountAt } from "../export/exported-site.ts";
import type { ContextFile, ExportedApp, ExportedStack } from "../export/exported-stack.ts";
import { requirementsOf, secretAt, servedFolders } from "../export/exported-stack.ts";
import { environKey } from "../export/python-entry.ts";
import { refuseReplicaUse } from "../export/replica-use.ts";
import { py4webWithoutCaches, web2pyWithoutCaches } from "../export/settings-without-caches.ts";
import type { HtaccessProps } from "./htaccess.ts";
import { withImports } from "./python-modules.ts";

/** What a database's address looks like until the owner of the account writes the real one. */
export const ADDRESS_TO_WRITE = "postgresql://USER:PASSWORD@HOST:5432/DATABASE";

/** A job, as the scheduler of a container reads it (modules/jobs/jobs-file.ts). */
export interface HostedJob {
  readonly name: string;
  readonly schedule: Schedule["settings"];
  readonly timeout: number;
  readonly command: readonly string[];
}

/** Static files, and the path that leads to them. */
export interface HostedStatics {
  /** Below the folder that visitors see, without slashes at its ends. */
  readonly path: string;
  readonly files: ReadonlyMap<string, ContextFile>;
}

/** An application of a stack, as a folder of a hosting company's account has it. */
export interface HostedApp {
  readonly name: string;
  /** Name of the private folder. */
  readonly folder: string;
  /** Path on the site, `/` or without a slash at its end. */
  readonly at: string;
  /** Path that answers 200, as visitors ask for it. */
  readonly health: string;
  /** An administration's path, where the application has one. */
  readonly adminPath: string | undefined;
  readonly callable: string;
  /** Put before the path of each request, and headers to set: modules/edge/site.ts. */
  readonly prefix: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** The module that migrates, and the applications that it is for; empty for none. */
  readonly migration: string;
  readonly settings: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, string>;
  /** Names of the secrets that the owner of the account has to write. */
  readonly addresses: readonly string[];
  readonly code: ReadonlyMap<string, ContextFile>;
  readonly modules: ReadonlyMap<string, string>;
  readonly requirements: readonly string[];
  readonly statics: readonly HostedStatics[];
  readonly jobs: readonly HostedJob[];
  readonly htaccess: Omit<HtaccessProps, "handler">;
  /** What a shared host does not have, and what stands in for it. */
  readonly leftOut: readonly string[];
}

/** @throws InvalidValue for sessions in memcached and for replicas, which no such host has */
export function hostedApp(stack: ExportedStack, app: ExportedApp): HostedApp {
  const { described, workload } = app;
  refuseCache(app);
  refuseReplicaUse(stack, app, "a shared host");
  const edge = stack.description.edges.find(({ routes }) => routes.some(({ app }) => app === described.name));
  const route = edge?.routes.find((one) => one.app === described.name);
  const at = route?.at ?? "/";
  const { prefix, headers } = mountAt(app, at);
  const addresses = internalAddresses(stack, app);
  const statics = staticsOf(app, at);
  const { SLIPWAY_CALLABLE: callable = "", SLIPWAY_HEALTH_PATH: health = "/" } = workload.environment;
  const jobs = jobsOf(stack, described.name);
  const modules = modulesOf(stack, app, jobs);
  const adminPaths = route?.adminPaths ?? [];
  return {
    name: described.name,
    folder: `slipway-${described.name}`,
    at,
    health: health.startsWith(prefix) ? health.slice(prefix.length) : health,
    adminPath: adminPaths.find((path) => !path.includes("*")),
    callable,
    prefix,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [environKey(name), value])),
    environment: environmentOf(app, addresses),
    migration: workload.environment.SLIPWAY_MIGRATION ?? "",
    settings: settingsOf(app),
    secrets: secretsOf(stack, app, addresses),
    addresses,
    code: codeOf(app),
    modules,
    requirements: [...new Set([...packagesOf(stack, app, modules), ...app.requirements])],
    statics,
    jobs,
    htaccess: {
      statics: statics.map(({ path }) => path),
      admin: adminPaths.length === 0 ? undefined : adminPattern(adminPaths),
      https: edge !== undefined,
      strictTransport:
        edge !== undefined && edge.certificate !== "self-signed" ? INTERMEDIATE.strictTransport : undefined,
      bodyLimit: edge?.bodyLimit ?? 0,
    },
    leftOut: leftOut(stack, app, addresses),
  };
}

function refuseCache({ described }: ExportedApp): void {
  if (described.sessions !== "cache") return;
  throw new InvalidValue({
    what: `sessions of ${described.path} on a shared host`,
    got: "cache",
    allowed: "cookies, database, files or sticky, as such a host has no memcached",
    fix: "Leave out sessions, or write Sessions.in(db)",
  });
}

/** Names of the files with the address of a database that is of the stack, and so not of this host. */
function internalAddresses(stack: ExportedStack, { workload, secrets }: ExportedApp): readonly string[] {
  const nodes = stack.description.workloads.flatMap(({ name, nodes }) => [name, ...nodes]);
  return withoutDirect(secrets).flatMap((path) => {
    const host = URL.parse(secretAt(stack, workload, path))?.hostname ?? "";
    return nodes.includes(host) ? [nameOf(path)] : [];
  });
}

/** What to write for the address past a pooler, which this host has none of: that of the database is enough. */
const undirected = (text: string): string => text.replaceAll("-direct-url", "-url");
const withoutDirect = (secrets: readonly string[]): readonly string[] => [
  ...new Set(secrets.map(undirected)),
];
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Of what is for a container only. */
const CONTAINER_VARIABLES = [
  ...["SLIPWAY_CALLABLE", "SLIPWAY_STATIC", "SLIPWAY_WAIT_FOR", "SLIPWAY_SETUP", "SLIPWAY_MIGRATION"],
  ...["MEMCACHE_SERVERS", "SESSION_MEMCACHE_SERVERS"],
];

function environmentOf({ workload }: ExportedApp, addresses: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(workload.environment)
      .filter(([name]) => !CONTAINER_VARIABLES.includes(name))
      // The certificate of a server that is of the stack.
      .filter(([name]) => name !== "PGSSLROOTCERT" || addresses.length === 0)
      .map(([name, value]) => [name, undirected(value)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The files that applications read, without what this host does not have. */
function settingsOf({ workload }: ExportedApp): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  const py4web = workload.files["/etc/slipway/settings_private.py"];
  if (py4web !== undefined) settings.set("settings_private.py", undirected(py4webWithoutCaches(py4web)));
  const web2py = workload.files["/etc/slipway/web2py.json"];
  if (web2py !== undefined) {
    const { admin: _, ...kept } = JSON.parse(web2py);
    settings.set("web2py.json", undirected(web2pyWithoutCaches(JSON.stringify(kept))));
  }
  return settings;
}

function secretsOf(
  stack: ExportedStack,
  { workload, secrets }: ExportedApp,
  addresses: readonly string[],
): ReadonlyMap<string, string> {
  return new Map(
    withoutDirect(secrets)
      .filter((path) => !path.endsWith("/web2py-admin"))
      // Certificates of servers that are of the stack.
      .filter((path) => addresses.length === 0 || !/(?:-ca|\/database-certificates)$/.test(path))
      .filter((path) => path.startsWith("/run/secrets/"))
      .map((path) => {
        const name = nameOf(path);
        return [name, addresses.includes(name) ? `${ADDRESS_TO_WRITE}\n` : secretAt(stack, workload, path)];
      }),
  );
}

/** Without web2py's admin, which is for no host with other people on it. */
function codeOf({ code }: ExportedApp): ReadonlyMap<string, ContextFile> {
  const kept = [...code].filter(([path]) => !path.startsWith("applications/admin/"));
  return new Map(
    kept.map(([path, file]) => {
      if (path !== "routes.py") return [path, file];
      const content = file.content
        .toString()
        .replace(/(?<=routers\()\[.*\]/, (names) =>
          JSON.stringify(JSON.parse(names).filter((name: string) => name !== "admin")),
        );
      return [path, { ...file, content: Buffer.from(content) }];
    }),
  );
}

/** Those that the edge serves; the variable names the folder in the image, and the path below the application's own. */
function staticsOf(app: ExportedApp, at: string): readonly HostedStatics[] {
  return servedFolders(app).flatMap(({ path, files: all }) => {
    const files = [...all].filter(([file]) => !/(?:^|\/)\./.test(file));
    if (files.length === 0 || path.startsWith("/admin/")) return [];
    // The folder that visitors see may itself be one of a site, for an application that is not at its root.
    const shown = at !== "/" && path.startsWith(`${at}/`) ? path.slice(at.length) : path;
    return [
      {
        path: shown.replace(/^\//, ""),
        files: new Map(files),
      },
    ];
  });
}

function jobsOf({ description }: ExportedStack, name: string): readonly HostedJob[] {
  const files = description.workloads.find((one) => one.role === "job" && one.name === `${name}-jobs`)?.files;
  return JSON.parse(files?.["/etc/slipway/jobs.json"] ?? "[]").map(
    ({ name, schedule, timeout, command }: HostedJob) => ({ name, schedule, timeout, command }),
  );
}

/** What the callable, the migration, the jobs and manage.py use of the image's own package. */
function modulesOf(stack: ExportedStack, { workload, described }: ExportedApp, jobs: readonly HostedJob[]) {
  const files = stack.contexts.get(workload.image);
  const { SLIPWAY_CALLABLE = "", SLIPWAY_MIGRATION = "" } = workload.environment;
  const named = [SLIPWAY_CALLABLE, SLIPWAY_MIGRATION, ...jobs.flatMap(({ command }) => command)];
  const names = named.flatMap((text) => /slipway_node\.(\w+)/.exec(text)?.[1] ?? []);
  const roots = described.kind === "web2py" ? ["web2py_deployment"] : [];
  return withImports(["__init__", "layout", "rehearse", ...roots, ...names], (name) =>
    files?.get(`slipway_node/${name}.py`)?.content.toString(),
  );
}

/** Packages of the image that its modules import. */
function packagesOf(
  stack: ExportedStack,
  { workload, requirements }: ExportedApp,
  modules: ReadonlyMap<string, string>,
): readonly string[] {
  const lines = requirementsOf(stack.contexts.get(workload.image), "requirements.txt");
  const imported = [...modules.values()].join("\n");
  // The application's own version goes before that of the image.
  const named = (name: string) => requirements.some((line) => line.toLowerCase().startsWith(name));
  return ["psycopg2", "pymemcache"]
    .filter((name) => !named(name) && new RegExp(`^(?:import|from) ${name}\\b`, "m").test(imported))
    .flatMap((name) => lines.filter((line) => line.startsWith(name)));
}

function leftOut(
  { description }: ExportedStack,
  { described, workload }: ExportedApp,
  addresses: readonly string[],
): readonly string[] {
  const ofRole = (role: string) =>
    description.workloads.filter((one) => one.role === role).map(({ name }) => name);
  const [caches, balancers, backups] = [ofRole("cache"), ofRole("balancer"), description.backups];
  return [
    ...(addresses.length > 0
      ? [
          `PostgreSQL of the stack's own. Use one that your host or somebody else runs, and write its address into ${addresses.map((name) => `\`private/secrets/${name}\``).join(" and ")}. Its data is not brought along: see \`pg_dump\` and \`pg_restore\`.`,
        ]
      : []),
    ...(caches.length > 0
      ? [`memcached (${caches.join(", ")}). Each process caches for itself, or nothing is cached.`]
      : []),
    ...(described.nodes > 1
      ? [`${described.nodes} nodes. The host decides how many processes there are.`]
      : []),
    ...(described.sessions === "files" || described.sessions === "sticky"
      ? [
          "A folder of sessions that nodes share, or a way back to the same node. Sessions are files in `shared/sessions`.",
        ]
      : []),
    ...(balancers.length > 0 ? [`A balancer (${balancers.join(", ")}). There is one node.`] : []),
    ...(described.jobs.length > 0 ? ["A scheduler. The lines for the host's cron stand below."] : []),
    ...(backups.length > 0
      ? ["Backups. Ask the host for its own, and see that they have `shared`, `state` and `secrets`."]
      : []),
    ...(workload.environment.SLIPWAY_SETUP !== undefined || described.kind !== "wsgi"
      ? [
          "The administration of the framework. It answers 404: others on the host could listen (recipe 11.7).",
        ]
      : []),
    "The edge. TLS and its certificate are the host's; the rules of the edge that a `.htaccess` can have are in it.",
    "Releases without a pause. While you upload, visitors may see errors.",
  ];
}
