import { existsSync } from "node:fs";
import { join } from "node:path";
import { PYTHON, pythonCall } from "../jobs/python-call.ts";
import { SHARED_ROOT } from "../shared-folders/shared-folders.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Secret } from "../values/secret.ts";
import { cacheServers } from "./cache-servers.ts";
import { databaseUrls, directUrl } from "./database-url.ts";
import { py4webMount } from "./py4web-mount.ts";
import type { DatabaseGrant } from "./service.ts";
import { Sessions } from "./sessions.ts";
import type { AnyPlace, Delivery, Provision, RootMount, Source, StaticFolder } from "./source.ts";

/** Applications that `py4web setup` brings along (recipe 20). */
const STOCK = ["_dashboard", "_default", "_documentation", "_minimal", "_scaffold", "_websocket", "showcase"];
const SETTINGS = "/etc/slipway/settings_private.py";

/** A py4web application; py4web itself comes from its requirements. */
export class Py4web implements Source<AnyPlace> {
  readonly kind = "py4web";
  readonly callable = "slipway_node.py4web_site:application";
  readonly healthPath: string;
  readonly rootMount: RootMount;
  /** Of the applications that administer a py4web site, or that only a developer needs. */
  readonly adminPaths = ["/_dashboard", "/_default", "/_documentation", "/_scaffold"] as const;
  /** py4web finds the application by the first part of a path (py4web/core.py). */
  readonly mounts: readonly `/${string}`[];
  readonly keeps = { cookies: true, database: true, cache: true } as const;
  readonly defaultSessions = Sessions.inCookies();
  readonly #folder: string;
  readonly #application: string;

  private constructor(folder: string, application: string, health: string) {
    this.#folder = folder;
    this.#application = application;
    this.healthPath = `/${application}${health}`;
    this.mounts = ["/", `/${application}`];
    this.rootMount = py4webMount(application);
    Object.freeze(this);
  }

  /**
   * One application of a folder.
   * @param folder of the application itself, with `__init__.py` and `requirements.txt`.
   * @param options.application its name below `apps/`. @default the name of the folder
   * @param options.health path inside the application that answers 200 only when it works. @default /healthz
   * @throws InvalidValue when there is no application in the folder.
   */
  static fromDirectory(
    folder: string,
    options: { readonly application?: string; readonly health?: `/${string}` } = {},
  ): Py4web {
    if (!existsSync(join(folder, "__init__.py"))) {
      throw new InvalidValue({
        what: "py4web application",
        got: folder,
        allowed: "a folder with an __init__.py",
        fix: "Name the folder of the application itself, such as apps/shop",
      });
    }
    const application = options.application ?? folder.replace(/\/+$/, "").split("/").at(-1) ?? "";
    if (!/^[a-z_][a-z0-9_]*$/.test(application)) {
      throw new InvalidValue({
        what: "py4web application",
        got: application,
        allowed: "lower-case letters, digits and underscores, as Python imports it",
        fix: 'Pass a name such as { application: "shop" }',
      });
    }
    return new Py4web(folder, application, options.health ?? "/healthz");
  }

  get applications(): readonly string[] {
    return [this.#application];
  }

  get staticFolders(): readonly StaticFolder[] {
    return [{ folder: `/srv/app/apps/${this.#application}/static`, path: "/static" }];
  }

  get stockApplications(): readonly string[] {
    return STOCK.includes(this.#application) ? [this.#application] : [];
  }

  context() {
    return [
      // What a developer's run leaves in the folder is no part of a release.
      {
        folder: this.#folder,
        into: `app/apps/${this.#application}`,
        ignore: ["databases", "uploads", "sessions", "settings_private.py"],
      },
      // py4web imports the folder of the applications as a package.
      { file: "app/apps/__init__.py", content: "" },
      { file: "app/requirements.txt", content: `-r apps/${this.#application}/requirements.txt\n` },
    ];
  }

  call(call: string): readonly string[] {
    return [PYTHON, "-m", "slipway_node.py4web_call", pythonCall(call)];
  }

  /** By `settings_private.py`, which scaffold-style applications import last; it reads secrets when it is imported. */
  deliver({ name, grants, sessions, uploads, poolSize, collectsTickets }: Provision): Delivery {
    const sessionKey = Secret.generated(`${name}_session-key`, { length: 64 });
    const databases = grants.filter((grant) => grant.kind === "database");
    const caches = cacheServers(grants, sessions);
    const inCache = sessions.place === "cache";
    const shared = grants.some((grant) => grant.kind === "folders");
    // The framework has one database for itself: where sessions are kept, or the first that was given.
    const database = databases.find(({ service }) => service === sessions.service?.node.path) ?? databases[0];
    const lines = [
      '"""Written by Slipway: what the platform gives to this application. Secrets stay in their files."""',
      "import os",
      "from pathlib import Path",
      "",
      "",
      "def _secret(name):",
      '    return Path("/run/secrets", name).read_text().strip()',
      "",
      "",
      'NODE_NAME = os.environ["SLIPWAY_NODE"]',
      // The scaffold's words.
      `SESSION_TYPE = ${python(inCache ? "memcache" : sessions.place)}`,
      `SESSION_SECRET_KEY = _secret(${python(sessionKey.name)})`,
      `MEMCACHE_CLIENTS = ${python(inCache ? caches.sessions : caches.values)}`,
      ...(database
        ? [
            // One process migrates before a node serves; see slipway_node.migrate.
            'DB_MIGRATE = os.environ.get("SLIPWAY_MIGRATE") == "1"',
            // pydal knows the older name of the scheme only.
            `DB_URI = _secret(${uri(database)}).replace("postgresql://", "postgres://", 1)`,
            'DB_FOLDER = os.environ.get("SLIPWAY_DB_FOLDER", "/tmp/databases")',
            `DB_POOL_SIZE = ${poolSize}`,
            "DB_FAKE_MIGRATE = False",
          ]
        : []),
      ...grants
        .filter((grant) => grant.kind === "replica")
        .map(
          ({ name }, at) =>
            `DB_READ_URI${at === 0 ? "" : `_${at + 1}`} = _secret(${python(`${name}-url`)}).replace("postgresql://", "postgres://", 1)`,
        ),
      // With uploads in the database it is the node's own, for what passes through: py4web's downloader asks for one.
      ...(shared || uploads ? [`UPLOAD_FOLDER = ${python(`${SHARED_ROOT}/uploads`)}`] : []),
      ...(uploads ? ['UPLOADS_IN = "database"'] : []),
      "",
    ];
    return {
      environment: {
        SLIPWAY_APPLICATION: this.#application,
        // Its sessions need a client; see slipway_node.py4web_sessions.
        ...(sessions.expire && { SLIPWAY_SESSION_EXPIRE: String(sessions.expire.seconds) }),
        ...(shared && collectsTickets && { SLIPWAY_TICKETS: `${SHARED_ROOT}/errors` }),
        ...(database && {
          SLIPWAY_DATABASE_URL_FILE: directUrl(database).path,
          // Importing the application migrates, and the rehearsal imports it.
          SLIPWAY_MIGRATION: `slipway_node.rehearse ${this.#application}`,
        }),
      },
      files: [{ path: SETTINGS, content: lines.join("\n") }],
      secrets: [{ secret: sessionKey }, ...databases.flatMap(databaseUrls)],
    };
  }
}

/** The name of the file with the address: tables are changed past a pooler. */
function uri({ name, directUrl }: DatabaseGrant): string {
  const usual = python(`${name}-url`);
  return directUrl === undefined ? usual : `${python(`${name}-direct-url`)} if DB_MIGRATE else ${usual}`;
}

/** JSON is valid Python for strings and lists of strings. */
function python(value: string | readonly string[]): string {
  return JSON.stringify(value);
}
