import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContextPart } from "../engine/build.ts";
import { SourceCache } from "../engine/source-cache.ts";
import { PYTHON } from "../jobs/python-call.ts";
import type { SessionPlace } from "../rules/description.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Secret } from "../values/secret.ts";
import { cacheServers } from "./cache-servers.ts";
import { databaseUrl, databaseUrls, directUrl } from "./database-url.ts";
import { Sessions } from "./sessions.ts";
import type { Delivery, Provision, Source, StaticFolder } from "./source.ts";
import { web2pyCall } from "./web2py-call.ts";
import { OWN_ROUTES, web2pyRoutes } from "./web2py-routes.ts";

/** Applications that come with web2py (recipe 20). */
const STOCK = ["admin", "examples", "welcome"];
/** What a run of an application leaves in its folder; no part of a release. */
const STATE = ["sessions", "errors", "uploads", "cache", "databases"];
/**
 * web2py's submodules, and a client for memcached in place of its own, which Python 3 cannot import. These are the
 * versions that web2py 3.3.3 was tried with.
 */
const REQUIREMENTS = ["pydal==20260520.0", "yatl==20260805.1", "rocket3==20260526.0"] as const;

const ADMIN_PASSWORD = "/run/secrets/web2py-admin";

export interface Web2pyOptions {
  /** Names of the applications that are deployed. The first is the default one, at the root of the site. */
  readonly applications: readonly [string, ...string[]];
  /** A folder whose sub folders are applications; it goes before the installation's own. @default none */
  readonly from?: string;
  /**
   * Path that answers 200 only when the site works. Asked without a session, as if over https.
   * @default "/", which runs the models and the first page of the default application
   */
  readonly health?: `/${string}`;
  /** Password of web2py's admin, which has to be among the applications. @default no admin, and appadmin answers 404 */
  readonly admin?: Secret;
  /** Create and alter tables before a release serves. @default true */
  readonly migrate?: boolean;
}

/** An installation that is downloaded has to be one and the same for ever. */
export interface Web2pyArchiveOptions extends Web2pyOptions {
  /** Checksum of the archive: 64 hexadecimal digits. */
  readonly sha256: string;
}

/** An installation from git has to be one and the same for ever. */
export interface Web2pyGitOptions extends Web2pyOptions {
  /** All 40 hexadecimal digits. */
  readonly commit: string;
}

/** A web2py installation with some of its applications, which need no change. */
export class Web2py implements Source<SessionPlace> {
  readonly kind = "web2py";
  readonly callable = "slipway_node.web2py_site:application";
  readonly healthPath: string;
  readonly rootMount = { prefix: "", headers: {} };
  readonly keeps = { cookies: true, database: true, cache: true, files: true, sticky: true } as const;
  readonly defaultSessions = Sessions.sticky();
  readonly adminPassword: Secret | undefined;
  /** web2py makes addresses for the root of the site, unless routes of the team's own say otherwise. */
  readonly mounts: readonly `/${string}`[] | undefined;
  readonly #installation: string;
  /** Folder of each application by its name. */
  readonly #applications: ReadonlyMap<string, string>;
  /** The team's own routes.py. */
  readonly #routes: string | undefined;
  readonly #migrate: boolean;

  private constructor(installation: string, options: Web2pyOptions) {
    const { applications, from, health = "/", admin, migrate = true } = options;
    if (!existsSync(join(installation, "gluon", "main.py"))) {
      throw new InvalidValue({
        what: "web2py installation",
        got: installation,
        allowed: "a folder with gluon/ and applications/",
        fix: "Name the folder that holds web2py.py",
      });
    }
    if (applications.includes("admin") !== (admin !== undefined)) {
      throw new InvalidValue({
        what: "admin of web2py",
        got: admin === undefined ? "an application admin without a password" : "a password without admin",
        allowed: "both or neither",
        fix: 'Name "admin" among the applications and pass admin: Secret.generated("admin-password"), or leave out both',
      });
    }
    const places = [...(from === undefined ? [] : [from]), join(installation, "applications")];
    this.#installation = installation;
    this.#applications = located(applications, places);
    this.#routes = [...(from === undefined ? [] : [from]), installation]
      .map((folder) => join(folder, "routes.py"))
      .find((file) => existsSync(file));
    this.adminPassword = admin;
    this.mounts = this.#routes === undefined ? ["/"] : undefined;
    this.#migrate = migrate;
    this.healthPath = health;
    Object.freeze(this);
  }

  /**
   * An installation on this machine.
   * @param folder with gluon/ and applications/; its gluon/packages may be empty.
   * @throws InvalidValue when that is no installation, or lacks an application.
   */
  static fromDirectory(folder: string, options: Web2pyOptions): Web2py {
    return new Web2py(folder, options);
  }

  /**
   * A downloaded installation, such as web2py_src.zip.
   * @param location address or file of a .zip or a .tar that may be compressed.
   * @throws InvalidValue as {@link fromDirectory} does, and for an archive that cannot be had or is another one.
   */
  static fromArchive(location: string, options: Web2pyArchiveOptions): Web2py {
    return new Web2py(new SourceCache().archive(location, options.sha256), options);
  }

  /**
   * An installation from a git repository.
   * @param repository as git takes it; git asks its own helpers for credentials.
   * @throws InvalidValue as {@link fromDirectory} does, and for a commit that cannot be fetched.
   */
  static fromGit(repository: string, options: Web2pyGitOptions): Web2py {
    return new Web2py(new SourceCache().git(repository, options.commit), options);
  }

  get applications(): readonly string[] {
    return [...this.#applications.keys()];
  }

  get stockApplications(): readonly string[] {
    return STOCK.filter((name) => this.#applications.has(name));
  }

  /** Admin, and its copy in each application; routes of the team's own may put something in front, such as a language. */
  get adminPaths(): readonly `/${string}`[] {
    return ["/admin", "/appadmin", "/*/appadmin", "/*/*/appadmin"];
  }

  get staticFolders(): readonly StaticFolder[] {
    const folder = (name: string) => `/srv/app/applications/${name}/static`;
    const names = [...this.#applications.keys()];
    const [first = ""] = names;
    return [
      // Routes of the team's own may lead this path elsewhere.
      ...(this.#routes === undefined ? [{ folder: folder(first), path: "/static" as const }] : []),
      ...names.map((name) => ({ folder: folder(name), path: `/${name}/static` as const })),
    ];
  }

  context(): readonly ContextPart[] {
    const applications = [...this.#applications];
    const requirements = applications.filter(([, folder]) => existsSync(join(folder, "requirements.txt")));
    const packages = join(this.#installation, "site-packages");
    return [
      // Submodules of a checkout may be missing; the ones from PyPI are pinned.
      { folder: join(this.#installation, "gluon"), into: "app/gluon", ignore: ["packages", "tests"] },
      ...(existsSync(packages) ? [{ folder: packages, into: "app/site-packages" }] : []),
      { file: "app/applications/__init__.py", content: "" },
      ...applications.map(([name, folder]) => ({
        folder,
        into: `app/applications/${name}`,
        ignore: STATE,
      })),
      {
        file: "app/routes.py",
        content: web2pyRoutes(
          applications.map(([name]) => name),
          this.#routes !== undefined,
        ),
      },
      ...(this.#routes === undefined
        ? []
        : [{ file: `app/${OWN_ROUTES}`, content: readFileSync(this.#routes, "utf8") }]),
      {
        file: "app/requirements.txt",
        content: [
          ...REQUIREMENTS,
          ...requirements.map(([name]) => `-r applications/${name}/requirements.txt`),
          "",
        ].join("\n"),
      },
    ];
  }

  call(call: string): readonly string[] {
    return [PYTHON, "-m", "slipway_node.web2py_call", ...web2pyCall(call, this.applications)];
  }

  /** By a file that slipway_node.web2py_deployment reads, which the root routes.py imports. */
  deliver({ name, grants, sessions, uploads, poolSize }: Provision): Delivery {
    const databases = grants.filter((grant) => grant.kind === "database");
    const database = databases.find(({ service }) => service === sessions.service?.node.path) ?? databases[0];
    const key =
      sessions.place === "cookies" ? Secret.generated(`${name}_session-key`, { length: 64 }) : undefined;
    const caches = cacheServers(grants, sessions);
    // Admin has no tables.
    const migrated = [...this.#applications.keys()].filter((application) => application !== "admin");
    const settings = {
      applications: migrated,
      sessions: sessions.place,
      poolSize,
      cache: caches.values,
      ...(uploads && { uploads: "database" }),
      ...(sessions.expire && { sessionCache: caches.sessions, sessionExpire: sessions.expire.seconds }),
      ...(database && { database: databaseUrl(database).path }),
      ...(key && { sessionKey: `/run/secrets/${key.name}` }),
      ...(this.adminPassword && { admin: ADMIN_PASSWORD }),
    };
    return {
      environment: {
        ...(this.adminPassword && { SLIPWAY_SETUP: "slipway_node.web2py_admin" }),
        ...(database && { SLIPWAY_DATABASE_URL_FILE: directUrl(database).path }),
        ...(database &&
          this.#migrate && {
            SLIPWAY_MIGRATION: ["slipway_node.web2py_migrate", ...migrated].join(" "),
          }),
      },
      files: [{ path: "/etc/slipway/web2py.json", content: `${JSON.stringify(settings, undefined, 2)}\n` }],
      secrets: [
        ...databases.flatMap(databaseUrls),
        ...(key ? [{ secret: key }] : []),
        ...(this.adminPassword ? [{ secret: this.adminPassword, path: ADMIN_PASSWORD }] : []),
      ],
    };
  }
}

/** Where each application is, in the order of their names. */
function located(names: readonly string[], places: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of names) {
    const folder = places.map((place) => join(place, name)).find(isApplication);
    if (!/^[A-Za-z_]\w*$/.test(name) || folder === undefined || found.has(name)) {
      throw new InvalidValue({
        what: "application of web2py",
        got: name,
        allowed: `each of these once: ${available(places).join(", ") || `none, as there is none in ${places.join(" or ")}`}`,
        fix: "Name the folder of an application, which has a folder controllers or compiled",
      });
    }
    found.set(name, folder);
  }
  if (found.size > 0) return found;
  throw new InvalidValue({
    what: "applications of web2py",
    got: "",
    allowed: `at least one of ${available(places).join(", ")}`,
    fix: "Name the default application first",
  });
}

function available(places: readonly string[]): string[] {
  const names = places
    .filter((place) => existsSync(place))
    .flatMap((place) => readdirSync(place).filter((name) => isApplication(join(place, name))));
  return [...new Set(names)].sort();
}

function isApplication(folder: string): boolean {
  return existsSync(join(folder, "controllers")) || existsSync(join(folder, "compiled"));
}
