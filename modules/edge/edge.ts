/**
 * The edge: what visitors meet. TLS, static files, and balancing over the nodes.
 *
 *     new Edge(this, "edge", { target, tls: Tls.selfSigned(), routes: [Route.to(shop)] });
 */
import { fileURLToPath } from "node:url";
import { Construct } from "constructs";
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
import { type ApacheModel, apacheConf } from "./apache-conf.ts";
import type { Route } from "./route.ts";

/** Ports in the container: above 1024, so that no capability is needed. */
const HTTP = Port.of(8080);
const HTTPS = Port.of(8443);
/** Of the user in the image. */
const USER = 8443;
const TLS_FOLDER = "/var/lib/slipway/tls";

export interface EdgeProps {
  /** Names and ports that visitors use. */
  readonly target: Target;
  readonly tls: Tls;
  /** Which paths lead to which applications; everything else is 404. */
  readonly routes: readonly Route[];
  /** Hard limit. @default 256 MiB */
  readonly memory?: Size | SizeText;
  /** The largest request body. @default 16 MiB */
  readonly bodyLimit?: Size | SizeText;
  /** How long a node may take for an answer. @default 60 seconds */
  readonly timeout?: Duration | DurationText;
}

/** An Apache in front of applications. */
export class Edge extends Construct implements Module {
  readonly name: Name;
  readonly #props: EdgeProps;
  readonly #memory: Size;
  readonly #bodyLimit: Size;
  readonly #timeout: Duration;

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id);
    this.name = Name.of(id);
    this.#props = props;
    this.#memory = Size.of(props.memory ?? "256 MiB");
    this.#bodyLimit = Size.of(props.bodyLimit ?? "16 MiB");
    this.#timeout = Duration.of(props.timeout ?? "60 seconds");
    Environment.of(this).add(this);
  }

  get path(): string {
    return this.node.path;
  }

  workloads(): readonly Workload[] {
    const { target, tls, routes } = this.#props;
    const backends = routes.map((route) => route.backend);
    const outside: Network = { name: this.name, internal: false };
    return [
      {
        name: this.name,
        role: "edge",
        image: {
          name: Name.of("apache"),
          context: [{ folder: fileURLToPath(new URL("image", import.meta.url)), into: "" }],
          args: {},
        },
        replicas: 1,
        user: USER,
        environment:
          tls.certificate === "self-signed" ? { SLIPWAY_SELF_SIGNED: this.#hostnames().join(" ") } : {},
        files: [{ path: "/etc/slipway/httpd.conf", content: apacheConf(this.#model()) }],
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
        ],
        networks: [outside, ...new Set(backends.map(({ network }) => network))],
        ports: [
          { address: target.address, host: target.ports.http, container: HTTP },
          { address: target.address, host: target.ports.https, container: HTTPS },
        ],
        health: { command: ["health"], startPeriod: Duration.of("30 seconds") },
        limits: { memory: this.#memory },
        capabilities: [],
        // SIGWINCH is Apache's graceful stop: requests at hand are answered.
        stop: { signal: "SIGWINCH", grace: Duration.of("25 seconds") },
        release: "stop-first",
      },
    ];
  }

  describe(): Contribution {
    const { target, tls, routes } = this.#props;
    return {
      edges: [
        {
          path: this.path,
          hostname: target.hostname.toString(),
          certificate: tls.certificate,
          routes: routes.map((route) => ({
            app: route.backend.name.text,
            at: route.at,
            sticky: route.sticky,
          })),
        },
      ],
    };
  }

  #model(): ApacheModel {
    const { target, tls, routes } = this.#props;
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
      apps: routes.map(({ at, sticky, backend }) => ({
        name: backend.name.text,
        at,
        nodes: backend.nodes,
        sticky,
        ...(at === "/" ? backend.rootMount : { prefix: "", headers: {} }),
        staticFolder: staticFolder(backend.name),
      })),
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

function staticFolder(app: Name): string {
  return `/srv/static/${app}`;
}
