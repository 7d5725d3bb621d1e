import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { App } from "../../modules/app/app.ts";
import { Py4web } from "../../modules/app/py4web.ts";
import { Sessions } from "../../modules/app/sessions.ts";
import { Uploads } from "../../modules/app/uploads.ts";
import { Web2py } from "../../modules/app/web2py.ts";
import { Wsgi } from "../../modules/app/wsgi.ts";
import type { Admin } from "../../modules/edge/admin.ts";
import { Apache } from "../../modules/edge/apache/apache.ts";
import { Edge } from "../../modules/edge/edge.ts";
import { Route } from "../../modules/edge/route.ts";
import { Docker } from "../../modules/engine/docker.ts";
import { Environment } from "../../modules/environment/environment.ts";
import { projectFolder, settingsOf } from "../../modules/environment/settings.ts";
import { targetOf } from "../../modules/environment/target.ts";
import type { ExportedStack } from "../../modules/hosts/export/exported-stack.ts";
import { Memcached } from "../../modules/memcached/memcached.ts";
import { Postgres } from "../../modules/postgres/postgres.ts";
import { SharedFolders } from "../../modules/shared-folders/shared-folders.ts";
import { Tls } from "../../modules/tls/tls.ts";
import { exportedStack } from "../../scripts/export/exported-stack.ts";
import type { Stack } from "../../scripts/stack/stack.ts";
import { synthesize } from "./synthesis.ts";
import { folderOf, INSTALLATION } from "./web2py.ts";

const NAME = "shop";
const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));
const TARGET = { hostname: "shop.example.org", address: "0.0.0.0", ports: { http: 80, https: 443 } };

/** What Apache's edge takes. */
export type SiteRoute = Route<"uwsgi", "nothing">;

type Compose = (environment: Environment) => readonly SiteRoute[];

/** Several tests look at the same stacks, and each takes a second. */
const known = new Map<string, WeakMap<Compose, Promise<ExportedStack>>>();

/** A stack called shop for an export, really synthesized; it is given the applications that the edge leads to. */
export function exported(compose: Compose, admin?: Admin): Promise<ExportedStack> {
  const mode = admin?.mode ?? "";
  const stacks = known.get(mode) ?? new WeakMap<Compose, Promise<ExportedStack>>();
  known.set(mode, stacks);
  const stack = stacks.get(compose) ?? synthesized(compose, admin);
  stacks.set(compose, stack);
  return stack;
}

async function synthesized(compose: Compose, admin: Admin | undefined): Promise<ExportedStack> {
  let secretsFolder = "";
  const { outdir } = synthesize(
    (app) => {
      const target = targetOf(app, NAME);
      const environment = new Environment(app, NAME, {
        engine: Docker.on(target.host),
        purpose: "development",
        waivers: [{ rule: "development-on-loopback", reason: "nothing of it runs: it is written out" }],
      });
      new Edge(environment, "edge", {
        server: Apache.modProxy(),
        target,
        tls: Tls.selfSigned(),
        routes: compose(environment),
        ...(admin && { admin }),
      });
      secretsFolder = join(projectFolder(settingsOf(app)), "secrets", NAME);
    },
    { [NAME]: TARGET },
  );
  return exportedStack({ name: NAME, folder: join(outdir, "stacks", NAME), secretsFolder } as Stack);
}

/** web2py with an application `store`, which has a database. */
export function web2py(environment: Environment): readonly SiteRoute[] {
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  const store = new App(environment, "store", {
    source: Web2py.fromDirectory(folderOf(INSTALLATION), { applications: ["shop"] }),
    nodes: 2,
    sessions: Sessions.in(db),
  });
  store.uses(db);
  return [Route.to(store)];
}

/** The guestbook as it is in development, with everything. */
export function guestbook(environment: Environment): readonly SiteRoute[] {
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  const app = new App(environment, "guestbook", {
    source: Py4web.fromDirectory(join(EXAMPLES, "guestbook")),
    nodes: 2,
    sessions: Sessions.in(db),
  });
  app.uses(db);
  app.uses(new Memcached(environment, "cache", { memory: "64 MiB" }));
  app.uses(new SharedFolders(environment, "shared"));
  return [Route.to(app)];
}

/** The guestbook as App Engine can have it: without a folder of its own, and with an administration's paths refused. */
export function guestbookWithoutFolders(environment: Environment): readonly SiteRoute[] {
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  const app = new App(environment, "guestbook", {
    source: Py4web.fromDirectory(join(EXAMPLES, "guestbook")),
    nodes: 2,
    sessions: Sessions.in(db),
    uploads: Uploads.in(db),
  });
  app.uses(db);
  return [Route.to(app)];
}

/** A plain application that needs no service. */
export function hello(environment: Environment): readonly SiteRoute[] {
  return [
    Route.to(
      new App(environment, "hello", {
        source: Wsgi.fromDirectory(join(EXAMPLES, "hello"), {
          callable: "hello:application",
          adminPaths: ["/admin"],
        }),
      }),
    ),
  ];
}
