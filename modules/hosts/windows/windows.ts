import { CERTIFICATE_PATHS } from "../../tls/certificate-files.ts";
import type { ExportTarget } from "../export/export-target.ts";
import type { ExportedFile } from "../export/exported-file.ts";
import { edgeOf, mountOf, siteOf, visitedPath } from "../export/exported-site.ts";
import type { ExportedApp, ExportedStack } from "../export/exported-stack.ts";
import { type PlacedApp, placedApp, writableFolders } from "../export/placed-app.ts";
import { environmentModule, prepareScript, siteModule } from "../export/python-entry.ts";
import { windowsConf } from "./httpd-conf.ts";
import { installScript } from "./install-script.ts";
import { optionsPy } from "./options-py.ts";
import { postgresFiles } from "./postgres-sql.ts";
import { windowsReadme } from "./readme.ts";
import { servePy, WAITRESS } from "./serve-py.ts";
import { serviceXml, type WindowsService } from "./service-xml.ts";
import { web2pyPy } from "./web2py-py.ts";
import { appFolder, SERVICE_PORT, stackFolder } from "./windows-layout.ts";
import { windowsApp } from "./windows-limits.ts";

const CERTIFICATE = { "tls/chain.pem": CERTIFICATE_PATHS.chain, "tls/key.pem": CERTIFICATE_PATHS.key };

/** Recipes 5 and 6: Apache with mod_wsgi, or a service of its own. */
export const WINDOWS: ExportTarget = {
  name: "windows",
  description: "Windows: Apache with mod_wsgi, or a service",
  spreads: false,
  files: windowsFiles,
};

function windowsFiles(stack: ExportedStack): readonly ExportedFile[] {
  const routed = windowsApp(stack);
  const { described, workload } = routed.app;
  const edge = edgeOf(stack);
  const folder = stackFolder(stack.name);
  const root = appFolder(stack.name, described.name);
  const there = placedApp(stack, routed.app, { root, folder: described.name, cache: false });
  const placed = { ...there, environment: { ...there.environment, ...databaseAddress(stack) } };
  const site = siteOf(stack, {
    certificate: { chain: `${folder}/tls/chain.pem`, key: `${folder}/tls/key.pem` },
    ports: { http: 80, https: 443 },
  });
  const mount = mountOf(routed);
  const postgres = postgresFiles(stack, `${folder}/postgres`);
  const threads = described.nodes * described.processes * described.threads;
  const isWeb2py = described.kind === "web2py";
  const certificate = certificateFiles(stack);
  const health = workload.environment.SLIPWAY_HEALTH_PATH ?? "/";
  return [
    {
      path: "README.md",
      content: windowsReadme({
        stack: stack.name,
        app: described.name,
        hostname: edge.hostname,
        http: site.listen.http,
        https: site.listen.https,
        postgres: postgres?.version,
        hasCertificate: certificate.length > 0,
        isWeb2py,
        tunnel: site.listen.admin,
        missing: missing(stack, routed.app),
      }),
    },
    {
      path: "install.ps1",
      // Windows PowerShell 5.1 reads a file without a mark as the code page of the machine: there is nothing but ASCII in it.
      content: installScript({
        stack: stack.name,
        app: described.name,
        root,
        writable: writableFolders(placed.app),
        hasDatabase: postgres !== undefined,
        hasCertificate: certificate.length > 0,
        hostname: edge.hostname,
        address: edge.address,
        ports: site.listen,
        healthPath: visitedPath(health, mount),
        servicePath: health,
      }),
    },
    {
      path: `conf/extra/slipway-${stack.name}.conf`,
      content: windowsConf({
        stack: stack.name,
        site,
        app: mount,
        statics: routed.route.staticPaths.map((path) => ({
          path,
          folder: `${root}/static${inside(path, mount.at)}`,
        })),
        address: edge.address,
        root,
        threads,
      }),
    },
    ...[
      { path: "slipway_environment.py", content: environmentModule(placed) },
      { path: "slipway_site.py", content: siteModule(placed) },
      { path: "prepare.py", content: prepareScript() },
      { path: "requirements.txt", content: requirements(placed) },
      { path: `slipway-${stack.name}-${described.name}.xml`, content: serviceXml(service(stack, placed)) },
      ...(isWeb2py
        ? [
            { path: "web2py.py", content: web2pyPy(`${root}/app`) },
            // Where it is missing, web2py writes it at each start, below the code.
            { path: `app/parameters_${SERVICE_PORT}.py`, content: "password=None\n" },
            {
              path: "options.py",
              content: optionsPy({
                ip: "127.0.0.1",
                port: SERVICE_PORT,
                numthreads: threads,
                serverName: edge.hostname,
                folder: `${root}/app`,
              }),
            },
          ]
        : [{ path: "serve.py", content: servePy({ threads, bodyLimit: edge.bodyLimit }) }]),
    ].map(({ path, content }) => ({ path: `${described.name}/${path}`, content })),
    ...placed.files,
    ...placed.secrets,
    ...(postgres?.files ?? []),
    ...certificate,
  ];
}

/** The database is on the same machine; its certificate is still that of the name in the addresses (libpq). */
function databaseAddress({ description }: ExportedStack): Readonly<Record<string, string>> {
  return description.databases.length === 0 ? {} : { PGHOSTADDR: "127.0.0.1" };
}

function requirements({ app, requirements }: PlacedApp): string {
  const own = app.described.kind === "web2py" ? ["# web2py locks files by it.", "pywin32==312"] : [WAITRESS];
  return ["# Written by Slipway.", ...requirements, ...own].map((line) => `${line}\n`).join("");
}

function service({ name }: ExportedStack, { app, placement: { root } }: PlacedApp): WindowsService {
  const { described } = app;
  return {
    id: `slipway-${name}-${described.name}`,
    description: `${described.name} of the stack ${name}`,
    root,
    arguments:
      described.kind === "web2py"
        ? [
            "web2py.py",
            "-L",
            `${root}/options.py`,
            "--add_options",
            "-f",
            `${root}/app`,
            "--password=<recycle>",
          ]
        : ["serve.py"],
  };
}

/** Path of static files below the mount of their application, as slipway_node/static_files.py has them. */
function inside(path: string, at: string): string {
  return at === "/" || !path.startsWith(at) ? path : path.slice(at.length);
}

/** Where the stack has the certificate as files. */
function certificateFiles(stack: ExportedStack): readonly ExportedFile[] {
  const edge = edgeOf(stack);
  const names = stack.description.workloads.find(({ path }) => path === edge.path)?.secretNames ?? {};
  return Object.entries(CERTIFICATE).flatMap(([path, secret]) => {
    const content = stack.secrets.get(names[secret] ?? "");
    return content === undefined ? [] : [{ path, content, mode: 0o600 }];
  });
}

function missing({ description }: ExportedStack, { described }: ExportedApp): readonly string[] {
  const caches = description.workloads.filter(({ role }) => role === "cache");
  return [
    'An account of its own, where the service Apache2.4 was there before and runs as LocalSystem: let no other site need that, then `sc.exe config Apache2.4 obj= "NT SERVICE\\Apache2.4"`, `icacls C:\\Apache24 /grant "NT SERVICE\\Apache2.4:(OI)(CI)RX"`, `icacls C:\\Apache24\\logs /grant "NT SERVICE\\Apache2.4:(OI)(CI)M"`, the former for C:\\Python313 too, and `install.ps1` again. Not tried on a Windows; `obj= LocalSystem` goes back.',
    "Releases without a gap: Apache on Windows starts again, which takes seconds.",
    ...(described.nodes > 1
      ? [`${described.nodes} nodes: there is one process, with the threads of all of them.`]
      : []),
    ...(caches.length > 0
      ? [
          "memcached: there is none for Windows, and the settings name none, so the application works without a cache.",
        ]
      : []),
    ...(described.jobs.length > 0
      ? [
          `Jobs (${described.jobs.map(({ name }) => name).join(", ")}): make tasks of the Task Scheduler that run \`venv\\Scripts\\python.exe\`.`,
        ]
      : []),
    ...(description.databases.length > 0
      ? ["A backup that is tried by restoring: `pg_dump` by the Task Scheduler, to another machine."]
      : []),
    ...(edgeIsAcme(description) ? ["A certificate that is renewed by itself: use win-acme."] : []),
    "The pages for an outage and a maintenance, and the limits of memory of a container.",
  ];
}

function edgeIsAcme({ edges }: ExportedStack["description"]): boolean {
  return edges.some(({ certificate }) => certificate === "acme");
}
