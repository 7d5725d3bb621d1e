import { digestOf, type ExportedFile } from "./exported-file.ts";
import { type ExportedApp, type ExportedStack, requirementsOf, secretAt } from "./exported-stack.ts";
import { type Places, placesBelow, relocated } from "./relocation.ts";
import { py4webWithoutCaches, web2pyWithoutCaches } from "./settings-without-caches.ts";

/** Package of the image that hands the platform's settings to an application. */
const PACKAGE = "slipway_node/";
/** What only a container has: an order to stop, and an edge in another one. */
const OF_CONTAINERS = ["publish.py", "serve.py"].map((name) => PACKAGE + name);
const SETTINGS_PRIVATE = "/etc/slipway/settings_private.py";
const WEB2PY = "/etc/slipway/web2py.json";

export interface Placement {
  /** Folder of the application on the host, with slashes and without one at its end. */
  readonly root: string;
  /** Folder of its files in the export. */
  readonly folder: string;
  /** Whether the host has the memcached instances of the stack. */
  readonly cache: boolean;
}

/** An application in a folder of a host that runs no containers. */
export interface PlacedApp {
  readonly app: ExportedApp;
  readonly placement: Placement;
  readonly places: Places;
  /** What its processes are started with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly requirements: readonly string[];
  /** Code and settings. */
  readonly files: readonly ExportedFile[];
  readonly secrets: readonly ExportedFile[];
}

export function placedApp(stack: ExportedStack, app: ExportedApp, placement: Placement): PlacedApp {
  const { workload, code } = app;
  const places = placesBelow(placement.root);
  const below = (path: string) => (placement.folder === "" ? path : `${placement.folder}/${path}`);
  const context = [...(stack.contexts.get(workload.image) ?? [])];
  return {
    app,
    placement,
    places,
    environment: environmentOf(app, places, placement.cache),
    requirements: [
      ...new Set([
        ...requirementsOf(stack.contexts.get(workload.image), "requirements.txt"),
        ...app.requirements,
      ]),
    ],
    files: [
      ...[...code].map(([path, { content }]) => ({ path: below(`app/${path}`), content })),
      ...settings(app, placement.cache).map(({ path, content }) => ({
        path: below(path),
        content: relocated(content, places),
      })),
      ...context.flatMap(([path, { content }]) =>
        path.startsWith(PACKAGE) && path.endsWith(".py") && !OF_CONTAINERS.includes(path)
          ? [{ path: below(`slipway/${path}`), content: relocated(content.toString(), places) }]
          : [],
      ),
      // What a release is known by, when it has migrated the database: slipway_node/migrate.py.
      {
        path: below("slipway/release"),
        content: `${digestOf([...code].map(([path, { content }]) => ({ path, content })))}\n`,
      },
    ],
    secrets: app.secrets.map((path) => ({
      path: below(path.replace(/^\/run\//, "")),
      content: relocated(secretAt(stack, workload, withoutPooler(path, app.secrets)), places),
      mode: 0o600,
    })),
  };
}

/** A host without containers has no pooler: the address past it is that of the database. */
function withoutPooler(path: string, all: readonly string[]): string {
  const direct = path.replace(/-url$/, "-direct-url");
  return all.includes(direct) ? direct : path;
}

function environmentOf({ workload }: ExportedApp, places: Places, cache: boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(workload.environment)
      .filter(([name]) => cache || name !== "MEMCACHE_SERVERS")
      .map(([name, value]) => [name, relocated(value, places)]),
  );
}

interface TextFile {
  readonly path: string;
  readonly content: string;
}

/** What the application reads, where it looks for it; what a server of the container reads is left out. */
function settings({ described, workload }: ExportedApp, cache: boolean): readonly TextFile[] {
  return Object.entries(workload.files).flatMap(([path, content]) => {
    if (path === WEB2PY) {
      return [{ path: "settings/web2py.json", content: cache ? content : web2pyWithoutCaches(content) }];
    }
    if (path !== SETTINGS_PRIVATE) return [];
    const text = cache ? content : py4webWithoutCaches(content);
    // In a container it is a link, made by slipway_node.layout.
    return described.applications.map((name) => ({
      path: `app/apps/${name}/settings_private.py`,
      content: text,
    }));
  });
}

/** What a running application writes to, below its folder. */
export function writableFolders({ described }: ExportedApp): readonly string[] {
  const state = [
    "state",
    "state/databases",
    ...["sessions", "errors", "uploads", "cache"].map((name) => `shared/${name}`),
  ];
  if (described.kind === "py4web") return [...state, "app/apps/.service"];
  if (described.kind === "wsgi") return state;
  // Without the links of a container web2py writes below its own folder.
  return [
    "state",
    ...["logs", "deposit", "site-packages"].map((folder) => `app/${folder}`),
    ...described.applications.flatMap((name) =>
      ["sessions", "errors", "uploads", "cache", "databases"].map(
        (folder) => `app/applications/${name}/${folder}`,
      ),
    ),
  ];
}
