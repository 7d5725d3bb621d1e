import { SHARED_FOLDERS, SHARED_ROOT } from "../shared-folders/shared-folders.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { databaseUrl } from "./database-url.ts";
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

/** Any WSGI callable of a folder with a `requirements.txt`. */
export class Wsgi implements Source {
  readonly kind = "wsgi";
  readonly applications = [];
  readonly callable: string;
  readonly healthPath: string;
  readonly rootMount = { prefix: "", headers: {} };
  readonly staticFolders = [{ folder: "/srv/app/static", path: "/static" }] as const;
  readonly stockApplications = [];
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

  /** By variables with the names that the libraries know; `_FILE` ones name a file with the secret. */
  deliver({ grants }: Provision): Delivery {
    const environment: Record<string, string> = {};
    const databases = grants.filter((grant) => grant.kind === "database");
    databases.forEach((grant, at) => {
      environment[at === 0 ? "DATABASE_URL_FILE" : `${variable(grant.name.text)}_URL_FILE`] =
        databaseUrl(grant).path;
    });
    const servers = grants.filter((grant) => grant.kind === "cache").flatMap((grant) => grant.servers);
    if (servers.length > 0) environment.MEMCACHE_SERVERS = servers.join(",");
    if (grants.some((grant) => grant.kind === "folders")) {
      for (const folder of SHARED_FOLDERS)
        environment[`${variable(folder)}_FOLDER`] = `${SHARED_ROOT}/${folder}`;
    }
    return { environment, files: [], secrets: databases.map(databaseUrl) };
  }
}

function variable(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}
