/**
 * The edge: what visitors meet. TLS, static files, and balancing over the nodes.
 *
 *     new Edge(this, "edge", { server: Apache.modProxy(), target, tls: Tls.selfSigned(), routes: [Route.to(shop)] });
 */
import { fileURLToPath } from "node:url";
import { Construct } from "constructs";
import type { Protocol } from "../app/protocol.ts";
import { type Backend, SOCKETS } from "../app/upstream.ts";
import type { Network } from "../engine/network.ts";
import type { SecretFile, Workload } from "../engine/workload.ts";
import { Environment } from "../environment/environment.ts";
import type { Contribution, Module } from "../environment/module.ts";
import type { Target } from "../environment/target.ts";
import { LocalDisk } from "../storage/local-disk.ts";
import type { Tls } from "../tls/tls.ts";
import { Duration, type DurationText } from "../values/duration.ts";
import { Name } from "../values/name.ts";
import { Port } from "../values/port.ts";
import { Size, type SizeText } from "../values/size.ts";
import { connect, type EdgeServer } from "./edge-server.ts";
import type { Route } from "./route.ts";
import type { Site, SiteApp } from "./site.ts";
import type { Stickiness, StickyBy } from "./stickiness.ts";

/** Ports in the container: above 1024, so that no capability is needed. */
const HTTP = Port.of(8080);
const HTTPS = Port.of(8443);
/** Of the user in the image. */
const USER = 8443;
const TLS_FOLDER = "/var/lib/slipway/tls";

export interface EdgeProps<P extends Protocol, S extends StickyBy> {
  /** What it is made of: `Apache.modProxy()`, `Lighttpd.fastCgi()`, … Nothing else of a stack depends on it. */
  readonly server: EdgeServer<P, S>;
  /** Names and ports that visitors use. */
  readonly target: Target;
  readonly tls: Tls;
  /** Which paths lead to which applications; everything else is 404. */
  readonly routes: readonly Route<NoInfer<P>, NoInfer<S>>[];
  /** Hard limit. @default 256 MiB */
  readonly memory?: Size | SizeText;
  /** The largest request body. @default 16 MiB */
  readonly bodyLimit?: Size | SizeText;
  /** How long a node may take for an answer. @default 60 seconds */
  readonly timeout?: Duration | DurationText;
}

/** What an edge keeps of its props; whatever it is made of, it is an edge. */
type EdgeOf = Pick<EdgeProps<Protocol, StickyBy>, "target" | "tls"> & {
  readonly server: Omit<EdgeServer<Protocol, StickyBy>, "protocols" | "sticks">;
};

/** Where an application is on the site, and how it is reached. */
interface Connection {
  readonly at: string;
  readonly sticky: Stickiness;
  readonly backend: Backend;
}

/** A server in front of applications. */
export class Edge<P extends Protocol = Protocol, S extends StickyBy = StickyBy>
  extends Construct
  implements Module
{
  readonly name: Name;
  readonly #props: EdgeOf;
  readonly #connections: readonly Connection[];
  readonly #memory: Size;
  readonly #bodyLimit: Size;
  readonly #timeout: Duration;

  constructor(scope: Construct, id: string, props: EdgeProps<P, S>) {
    super(scope, id);
    this.name = Name.of(id);
    this.#props = props;
    this.#memory = Size.of(props.memory ?? "256 MiB");
    this.#bodyLimit = Size.of(props.bodyLimit ?? "16 MiB");
    this.#timeout = Duration.of(props.timeout ?? "60 seconds");
    this.#connections = props.routes.map(({ at, sticky, upstream }) => ({
      at,
      sticky,
      backend: connect(props.server, upstream),
    }));
    Environment.of(this).add(this);
  }

  get path(): string {
    return this.node.path;
  }

  workloads(): readonly Workload[] {
    const { server, target, tls } = this.#props;
    const backends = this.#connections.map(({ backend }) => backend);
    const outside: Network = { name: this.name, internal: false };
    return [
      {
        name: this.name,
        role: "edge",
        image: {
          name: server.image.name,
          context: [
            { folder: server.image.folder, into: "" },
            { folder: fileURLToPath(new URL("image", import.meta.url)), into: "" },
          ],
          args: {},
        },
        replicas: 1,
        user: USER,
        environment: {
          SLIPWAY_HOSTNAME: target.hostname.toString(),
          ...(tls.certificate === "self-signed" && { SLIPWAY_SELF_SIGNED: this.#hostnames().join(" ") }),
        },
        files: server.files(this.#site()),
        secrets: this.#certificateFiles(),
        volumes: [
          ...(tls.certificate === "self-signed"
            ? [
                {
                  volume: {
                    name: `${this.name}-tls`,
                    storage: LocalDisk.volumes(),
                    folder: "tls",
                    keep: false,
                  },
                  path: TLS_FOLDER,
                },
              ]
            : []),
          ...backends.map(({ name, staticFiles }) => ({
            volume: staticFiles,
            path: staticFolder(name),
            readOnly: true,
          })),
          ...backends.flatMap(({ name, sockets }) =>
            sockets === undefined ? [] : [{ volume: sockets, path: `${SOCKETS}/${name}`, readOnly: true }],
          ),
        ],
        networks: [outside, ...new Set(backends.map(({ network }) => network))],
        ports: [
          { address: target.address, host: target.ports.http, container: HTTP },
          { address: target.address, host: target.ports.https, container: HTTPS },
        ],
        health: { command: ["health"], startPeriod: Duration.of("30 seconds") },
        limits: { memory: this.#memory },
        capabilities: [],
        stop: server.stop,
        release: "stop-first",
        reconfigurable: true,
      },
    ];
  }

  describe(): Contribution {
    const { server, target, tls } = this.#props;
    return {
      edges: [
        {
          path: this.path,
          server: server.name,
          hostname: target.hostname.toString(),
          certificate: tls.certificate,
          routes: this.#connections.map(({ at, sticky, backend }) => ({
            app: backend.name.text,
            at,
            sticky: sticky.by,
          })),
        },
      ],
    };
  }

  #site(): Site {
    const { target, tls } = this.#props;
    return {
      hostnames: this.#hostnames(),
      listen: { http: HTTP.number, https: HTTPS.number },
      publicHttpsPort: target.ports.https.number,
      certificate:
        tls.certificate === "self-signed"
          ? { chain: `${TLS_FOLDER}/chain.pem`, key: `${TLS_FOLDER}/key.pem` }
          : { chain: "/run/secrets/tls-chain", key: "/run/secrets/tls-key" },
      strictTransport: tls.certificate !== "self-signed",
      bodyLimit: this.#bodyLimit,
      timeout: this.#timeout,
      apps: this.#connections.map(siteApp).sort((a, b) => b.at.length - a.at.length),
    };
  }

  #hostnames(): string[] {
    const { hostname, aliases } = this.#props.target;
    return [hostname, ...aliases].map((name) => name.toString());
  }

  #certificateFiles(): SecretFile[] {
    const { files } = this.#props.tls;
    return files === undefined ? [] : [{ secret: files.chain }, { secret: files.key }];
  }
}

function siteApp({ at, sticky, backend }: Connection): SiteApp {
  const { name, protocol, nodes, sockets, rootMount, staticPaths } = backend;
  const mount = at === "/" ? "" : at;
  return {
    name: name.text,
    at,
    protocol,
    nodes: sockets === undefined ? nodes : nodes.map((node) => `${SOCKETS}/${name}/${node}`),
    sticky,
    ...(at === "/" ? rootMount : { prefix: "", headers: {} }),
    statics: staticPaths.map((path) => ({ path: mount + path, folder: staticFolder(name) + path })),
  };
}

function staticFolder(app: Name): string {
  return `/srv/static/${app}`;
}
