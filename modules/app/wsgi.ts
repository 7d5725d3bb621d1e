import { PYTHON, pythonCall } from "../jobs/python-call.ts";
import type { SessionPlace } from "../rules/description.ts";
import { SHARED_FOLDERS, SHARED_ROOT } from "../shared-folders/shared-folders.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Secret } from "../values/secret.ts";
import { cacheServers } from "./cache-servers.ts";
import { databaseUrl, databaseUrls, directUrl } from "./database-url.ts";
import type { Service } from "./service.ts";
import { Sessions } from "./sessions.ts";
import type { Delivery, Provision, Source } from "./source.ts";

export interface WsgiOptions {
  /** `module:name`, such as `hello:application`. */
  readonly callable: string;
  /** Path that answers 200 only when the application works. @default /healthz */
  readonly health?: `/${string}`;
  /**
   * Paths of an administration that the application has, such as `/admin`; the edge's `admin` decides who reaches them
   * and all below them. `*` stands for any one segment. @default none
   */
  readonly adminPaths?: readonly `/${string}`[];
}

/** What an application is told; the words are those of py4web and of Flask-Session. */
const SESSION_TYPES: Readonly<Record<SessionPlace, string>> = {
  cookies: "cookies",
  database: "database",
  cache: "memcache",
  files: "filesystem",
  sticky: "filesystem",
};

/** Any WSGI callable of a folder with a `requirements.txt`. */
export class Wsgi implements Source<SessionPlace> {
  readonly kind = "wsgi";
  readonly applications = [];
  readonly callable: string;
  readonly healthPath: string;
  readonly rootMount = { prefix: "", headers: {} };
  readonly staticFolders = [{ folder: "/srv/app/static", path: "/static" }] as const;
  readonly stockApplications = [];
  readonly keeps = { cookies: true, database: true, cache: true, files: true, sticky: true } as const;
  readonly defaultSessions = Sessions.inCookies();
  readonly adminPaths: readonly `/${string}`[];
  readonly #folder: string;

  private constructor(folder: string, { callable, health = "/healthz", adminPaths = [] }: WsgiOptions) {
    this.#folder = folder;
    this.callable = callable;
    this.healthPath = health;
    this.adminPaths = adminPaths;
    Object.freeze(this);
  }

  /**
   * @param folder with the modules and a `requirements.txt`; static files in `static/` are served by the edge.
   * @throws InvalidValue when the callable or a path is not of its form.
   */
  static fromDirectory(folder: string, options: WsgiOptions): Wsgi {
    if (!/^[A-Za-z_][\w.]*:[A-Za-z_]\w*$/.test(options.callable)) {
      throw new InvalidValue({
        what: "WSGI callable",
        got: options.callable,
        allowed: "a module and a name in it, joined by a colon",
        fix: 'Write it like "hello:application"',
      });
    }
    const badPath = options.adminPaths?.find((path) => !/^(\/([\w.-]+|\*))+$/.test(path));
    if (badPath !== undefined) {
      throw new InvalidValue({
        what: "path of an administration",
        got: badPath,
        allowed: "segments of letters, digits, dots, hyphens and underscores, or * for any one segment",
        fix: 'Write a path such as "/admin"',
      });
    }
    return new Wsgi(folder, options);
  }

  context() {
    return [{ folder: this.#folder, into: "app" }];
  }

  call(call: string): readonly string[] {
    return [PYTHON, "-m", "slipway_node.call", pythonCall(call)];
  }

  /** By variables with the names that the libraries know; `_FILE` ones name a file with the secret. */
  deliver({ name, grants, sessions, uploads }: Provision): Delivery {
    const key = Secret.generated(`${name}_session-key`, { length: 64 });
    const environment: Record<string, string> = {
      SESSION_TYPE: SESSION_TYPES[sessions.place],
      SESSION_SECRET_KEY_FILE: `/run/secrets/${key.name}`,
    };
    const databases = grants.filter((grant) => grant.kind === "database");
    databases.forEach((grant, at) => {
      environment[at === 0 ? "DATABASE_URL_FILE" : `${variable(grant.name.text)}_URL_FILE`] =
        databaseUrl(grant).path;
      if (grant.directUrl !== undefined) {
        environment[at === 0 ? "DATABASE_DIRECT_URL_FILE" : `${variable(grant.name.text)}_DIRECT_URL_FILE`] =
          directUrl(grant).path;
      }
    });
    for (const grant of grants.filter((grant) => grant.kind === "replica")) {
      environment[`${variable(grant.name.text)}_URL_FILE`] = databaseUrl(grant).path;
    }
    const caches = cacheServers(grants, sessions);
    if (caches.values.length > 0) environment.MEMCACHE_SERVERS = caches.values.join(",");
    const urlOf = (service?: Service) => {
      const grant = databases.find((one) => one.service === service?.node.path);
      return grant && databaseUrl(grant).path;
    };
    const kept = {
      SESSION_DATABASE_URL_FILE: urlOf(sessions.service),
      UPLOADS_DATABASE_URL_FILE: urlOf(uploads?.database),
    };
    for (const [name, file] of Object.entries(kept)) if (file !== undefined) environment[name] = file;
    if (sessions.expire) {
      environment.SESSION_MEMCACHE_SERVERS = caches.sessions.join(",");
      environment.SESSION_EXPIRE = String(sessions.expire.seconds);
    }
    if (sessions.place === "files" || sessions.place === "sticky") {
      environment.SESSION_FOLDER = `${SHARED_ROOT}/sessions`;
    }
    if (grants.some((grant) => grant.kind === "folders")) {
      for (const folder of SHARED_FOLDERS.filter((name) => name !== "uploads" || !uploads))
        environment[`${variable(folder)}_FOLDER`] = `${SHARED_ROOT}/${folder}`;
    }
    return { environment, files: [], secrets: [...databases.flatMap(databaseUrls), { secret: key }] };
  }
}

function variable(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}
