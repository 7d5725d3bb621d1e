/**
 * What runs an application's code.
 *
 *     new App(this, "shop", { source, server: Server.gunicorn(), concurrency: Concurrency.processes(5) });
 */
import type { ConfigFile } from "../../engine/workload.ts";
import type { Size } from "../../values/size.ts";
import type { Concurrency } from "../concurrency.ts";
import type { Protocol, SocketKind, Speaks } from "../protocol.ts";
import { uwsgi } from "./uwsgi-ini.ts";

/** One way in which a node is reached. */
export interface Listener {
  readonly protocol: Exclude<Protocol, "wsgi">;
  readonly over: SocketKind;
}

/** Everything that a server's configuration depends on. */
export interface ServerModel {
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
  files(model: ServerModel): readonly ConfigFile[];
}

/** Port of each protocol in a node's container, over TCP. */
export const SERVER_PORTS = { uwsgi: 8000, fastcgi: 8002, http: 8003 } as const;
/** Port of HTTP on the loopback interface of the container, for the health check. */
export const HEALTH_PORT = 8001;

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
}
