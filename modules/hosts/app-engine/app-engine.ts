import { gunicorn } from "../../app/server/gunicorn.ts";
import type { ExportTarget } from "../export/export-target.ts";
import type { ExportedFile } from "../export/exported-file.ts";
import { edgeOf, mountOf, type RoutedApp, visitedPath } from "../export/exported-site.ts";
import type { ExportedStack } from "../export/exported-stack.ts";
import { frontModule } from "../export/front-module.ts";
import { type PlacedApp, placedApp, writableFolders } from "../export/placed-app.ts";
import { environmentModule, prepareScript } from "../export/python-entry.ts";
import { ROOT, secretPrefix } from "./app-engine-layout.ts";
import { appEngineApp } from "./app-engine-limits.ts";
import { appYaml, type UploadedFiles } from "./app-yaml.ts";
import { cloudSqlSecret } from "./cloud-sql.ts";
import { gcloudIgnore } from "./gcloud-ignore.ts";
import { gunicornConf, instanceModule, mainModule } from "./instance-module.ts";
import { appEngineReadme } from "./readme.ts";

/** Recipe 21. */
export const APP_ENGINE: ExportTarget = {
  name: "app-engine",
  description: "Google App Engine, the standard environment with Python 3",
  spreads: false,
  files: appEngineFiles,
};

function appEngineFiles(stack: ExportedStack): readonly ExportedFile[] {
  const { routed, instanceClass, database } = appEngineApp(stack);
  const cloudSql = database?.kind === "cloud-sql" ? database : undefined;
  const { described, workload } = routed.app;
  const edge = edgeOf(stack);
  const placed = placedApp(stack, routed.app, { root: ROOT, folder: "", cache: false });
  const prefix = secretPrefix(stack.name, described.name);
  const secrets = placed.secrets.map((file) => (cloudSql ? cloudSqlSecret(file, cloudSql) : file));
  const names = secrets.map(({ path }) => path.replace("secrets/", ""));
  const isCode = ({ path }: ExportedFile) =>
    path.startsWith("app/") && routed.app.code.has(path.slice("app/".length));
  const code = placed.files.filter(isCode);
  const settings = [
    ...placed.files.filter((file) => !isCode(file)),
    // With what is copied, for it names the root as well.
    { path: "slipway/slipway_environment.py", content: environmentModule(placed) },
  ];
  const mount = mountOf(routed);
  return [
    {
      path: "README.md",
      content: appEngineReadme({
        stack: stack.name,
        app: described.name,
        prefix,
        secrets: names,
        database,
        migrates: workload.environment.SLIPWAY_MIGRATION !== undefined,
        hostname: edge.hostname,
        healthPath: visitedPath(workload.environment.SLIPWAY_HEALTH_PATH ?? "/", mount),
        instances: described.nodes,
        missing: missing(stack, routed),
      }),
    },
    {
      path: "app.yaml",
      content: appYaml({
        instanceClass,
        instances: described.nodes,
        concurrency: described.processes * described.threads,
        statics: uploaded(routed),
        environment: { PYTHONUNBUFFERED: "1" },
        hasDatabase: cloudSql !== undefined,
      }),
    },
    { path: "main.py", content: mainModule() },
    {
      path: "slipway_instance.py",
      content: instanceModule({
        prefix,
        secrets: names,
        writable: writableFolders(routed.app),
        texts: [...settings, ...secrets].filter(namesRoot).map(({ path }) => path),
      }),
    },
    {
      path: "slipway_front.py",
      content: frontModule({
        settings: "import slipway_environment  # noqa: F401",
        app: mount,
        // App Engine sets it itself, and drops what a visitor says of it.
        visitor: "HTTP_X_APPENGINE_USER_IP",
        strictTransport: true,
        refused: edge.admin === "over-tls" ? [] : routed.route.adminPaths,
      }),
    },
    {
      path: "prepare.py",
      content: prepareScript("import slipway_instance\n\nslipway_instance.prepare()\n"),
    },
    { path: "gunicorn.conf.py", content: gunicornConf(described) },
    { path: "requirements.txt", content: requirements(placed) },
    { path: ".gcloudignore", content: gcloudIgnore() },
    ...code,
    ...settings,
    ...secrets,
  ];
}

const namesRoot = ({ content }: ExportedFile) => content.includes(`${ROOT}/`);

function requirements({ requirements }: PlacedApp): string {
  return ["# Written by Slipway.", ...requirements, ...gunicorn(undefined).requirements]
    .map((line) => `${line}\n`)
    .join("");
}

/** Static files that there are, as App Engine finds them in what is uploaded. */
function uploaded({ app, route }: RoutedApp): readonly UploadedFiles[] {
  const folders = (app.workload.environment.SLIPWAY_STATIC ?? "").split(" ");
  return route.staticPaths.flatMap((path, at) => {
    const folder = folders[at]?.split("=")[0]?.replace(/^\/srv\/app\//, "");
    return folder !== undefined && [...app.code.keys()].some((file) => file.startsWith(`${folder}/`))
      ? [{ path, folder: `app/${folder}` }]
      : [];
  });
}

function missing({ description }: ExportedStack, { app: { described } }: RoutedApp): readonly string[] {
  const edge = description.edges[0];
  return [
    ...(edge?.admin === "through-tunnel"
      ? ["A tunnel to the administration: its paths answer 404, whoever asks."]
      : []),
    ...(edge?.admin === "over-tls"
      ? [
          "A refusal of the administration on plain http: App Engine leads to https instead, whatever the path.",
        ]
      : []),
    ...(described.jobs.length > 0
      ? [
          `Jobs (${described.jobs.map(({ name }) => name).join(", ")}): take Cloud Scheduler and a path of the application that only it may ask.`,
        ]
      : []),
    ...(description.backups.length > 0 ? ["Our backups: Cloud SQL makes its own."] : []),
    "The pages for an outage and a maintenance.",
    "Stickiness: every request may meet another instance.",
  ];
}
