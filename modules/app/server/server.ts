/**
 * What runs an application's code.
 *
 *     new App(this, "shop", { source, server: Server.gunicorn(), concurrency: Concurrency.processes(5) });
 */
import type { ConfigFile } from "../../engine/workload.ts";
import { countOf } from "../../values/count.ts";
import type { Size } from "../../values/size.ts";
import type { Concurrency } from "../concurrency.ts";
import type { Protocol, SocketKind, Speaks } from "../protocol.ts";
import { gunicorn } from "./gunicorn.ts";
import { modWsgi } from "./mod-wsgi.ts";
import { uwsgi } from "./uwsgi-ini.ts";

/** One way in which a node is reached. */
export interface Listener {
  readonly protocol: Exclude<Protocol, "wsgi">;
  readonly over: SocketKind;
}

/** Everything that a server's configuration depends on. */
export interface ServerModel {
  /** Of the application. */
  readonly name: string;
  /** Python's `module:callable`. */
  readonly callable: string;
  readonly concurrency: Concurrency;
  /** The node's memory limit. */
  readonly memory: Size;
  readonly listeners: readonly Listener[];
}

/** What a server adds to a node. */
export interface ServerKind {
  readonly name: string;
  /** Packages of Debian. */
  readonly packages: readonly string[];
  /** Packages of PyPI, with their exact versions. */
  readonly requirements: readonly string[];
  readonly command: readonly string[];
  /** What makes it answer the requests at hand and end; `init` of the container hands it on. */
  readonly stopSignal: "SIGTERM" | "SIGWINCH";
  /** Requests after which a process is replaced. @default unlimited */
  readonly maximumRequests?: number | undefined;
  files(model: ServerModel): readonly ConfigFile[];
}

/** Port of each protocol in a node's container, over TCP. */
export const SERVER_PORTS = { uwsgi: 8000, fastcgi: 8002, http: 8003 } as const;
/** Port of HTTP on the loopback interface of the container, for the health check. */
export const HEALTH_PORT = 8001;

export interface RecyclingOptions {
  /** Requests after which a process is replaced by a new one: for code that leaks. @default unlimited */
  readonly maximumRequests?: number;
}

/** An application server, and the protocols by which edges and balancers may reach it. */
export class Server<P extends Protocol> {
  readonly speaks: Speaks<P>;
  readonly kind: ServerKind;

  private constructor(kind: ServerKind, speaks: Speaks<P>) {
    this.kind = kind;
    this.speaks = Object.freeze(speaks);
    Object.freeze(this);
  }

  /** uWSGI: the fastest of them by its own protocol and by FastCGI (docs/performance.md). */
  static uwsgi(): Server<"uwsgi" | "fastcgi" | "http"> {
    return new Server(uwsgi, { uwsgi: true, fastcgi: true, http: true });
  }

  /** gunicorn, by HTTP. @throws InvalidValue when the number of requests is none. */
  static gunicorn(options: RecyclingOptions = {}): Server<"http"> {
    return new Server(gunicorn(maximumRequests(options)), { http: true });
  }

  /**
   * Apache with mod_wsgi in daemon mode (recipe 1): as a node of its own it speaks HTTP, and `Apache.modWsgi()` is edge
   * and node in one.
   * @throws InvalidValue when the number of requests is none.
   */
  static modWsgi(options: RecyclingOptions = {}): Server<"http" | "wsgi"> {
    return new Server(modWsgi(maximumRequests(options)), { http: true, wsgi: true });
  }
}

function maximumRequests({ maximumRequests }: RecyclingOptions): number | undefined {
  if (maximumRequests === undefined) return undefined;
  return countOf(maximumRequests, {
    of: "maximumRequests",
    most: 10_000_000,
    fix: "Write maximumRequests: 10000, or leave it out",
  });
}
