/**
 * The edge: what visitors meet. TLS, static files, and balancing over the nodes.
 *
 *     new Edge(this, "edge", { server: Apache.modProxy(), target, tls: Tls.selfSigned(), routes: [Route.to(shop)] });
 */
import { fileURLToPath } from "node:url";
import { Construct } from "constructs";
import type { Protocol } from "../app/protocol.ts";
import { type Backend, STATIC } from "../app/upstream.ts";
import type { Network } from "../engine/network.ts";
import type { ConfigFile, SecretFile, Workload } from "../engine/workload.ts";
import { Environment } from "../environment/environment.ts";
import type { Contribution, Module } from "../environment/module.ts";
import type { PublicAddress } from "../environment/target.ts";
import { LocalDisk } from "../storage/local-disk.ts";
import { readAuthority } from "../tls/acme.ts";
import { acmeClient, foldersOfClient } from "../tls/acme-client/acme-client.ts";
import { CERTIFICATE_PATHS } from "../tls/certificate-files.ts";
import type { Certificate, Tls } from "../tls/tls.ts";
import { Duration, type DurationText } from "../values/duration.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";
import { Port } from "../values/port.ts";
import { Size, type SizeText } from "../values/size.ts";
import { ADMIN_LISTENER, ADMIN_PORT, Admin, adminPathsAt, siteAdmin } from "./admin.ts";
import { connect, type EdgeServer } from "./edge-server.ts";
import { bodyLimitOf, timeoutOf } from "./limits.ts";
import type { Route } from "./route.ts";
import type { Site, SiteApp } from "./site.ts";
import type { Stickiness, StickyBy } from "./stickiness.ts";

/** Ports in the container: above 1024, so that no capability is needed. */
const HTTP = Port.of(8080);
const HTTPS = Port.of(8443);
/** Of the user in the image. */
const USER = 8443;
const TLS_FOLDER = "/var/lib/slipway/tls";
const AUTHORITY = "/etc/slipway/acme-authority.pem";
/** Key and chain in one, which the image puts together from what a client of ACME got. */
const SITE = "/run/slipway/site.pem";
/** As short as this, because the path of a Unix socket ends at 107 characters (unix(7)), and names may have 40. */
const SOCKETS = "/run/sockets";

/** A route by any one of the protocols: an application need not speak all that the server does. */
type RouteBy<P extends Protocol, S extends StickyBy> = P extends Protocol ? Route<P, S> : never;

export interface EdgeProps<P extends Protocol, S extends StickyBy, C extends Certificate> {
  /** What it is made of: `Apache.modProxy()`, `Lighttpd.fastCgi()`, … Nothing else of a stack depends on it. */
  readonly server: EdgeServer<P, S, C>;
  /** Names and ports that visitors use. */
  readonly target: PublicAddress;
  /** Where the certificate comes from; not every server speaks ACME. */
  readonly tls: Tls<NoInfer<C>>;
  /** Which paths lead to which applications; everything else is 404. */
  readonly routes: readonly RouteBy<NoInfer<P>, NoInfer<S>>[];
  /** Who reaches the administration that applications bring along. @default Admin.disabled() */
  readonly admin?: Admin;
  /** Hard limit. @default 256 MiB */
  readonly memory?: Size | SizeText;
  /** The largest request body. @default 16 MiB */
  readonly bodyLimit?: Size | SizeText;
  /** How long a node may take for an answer, up to 12 hours. @default 60 seconds */
  readonly timeout?: Duration | DurationText;
}

/** What an edge keeps of its props; whatever it is made of, it is an edge. */
type EdgeOf = Pick<EdgeProps<Protocol, StickyBy, Certificate>, "target" | "tls"> & {
  readonly server: Omit<EdgeServer<Protocol, StickyBy>, "protocols" | "sticks" | "certificates">;
};

/** Where an application is on the site, and how it is reached. */
interface Connection {
  readonly at: string;
  readonly sticky: Stickiness;
  readonly backend: Backend;
}

/** A server in front of applications. */
export class Edge<
    P extends Protocol = Protocol,
    S extends StickyBy = StickyBy,
    C extends Certificate = Certificate,
  >
  extends Construct
  implements Module
{
  readonly name: Name;
  readonly #props: EdgeOf;
  readonly #connections: readonly Connection[];
  readonly #admin: Admin;
  readonly #memory: Size;
  readonly #bodyLimit: Size;
  readonly #timeout: Duration;

  constructor(scope: Construct, id: string, props: EdgeProps<P, S, C>) {
    super(scope, Name.of(id).text);
    this.name = Name.of(id);
    this.#props = props;
    this.#admin = props.admin ?? Admin.disabled();
    this.#memory = Size.of(props.memory ?? "256 MiB");
    this.#bodyLimit = bodyLimitOf(props.bodyLimit ?? "16 MiB");
    this.#timeout = timeoutOf(props.timeout ?? "60 seconds");
    // Which protocol it is, the server decides; the types have seen to it that there is one.
    const routes: readonly Route<never>[] = props.routes;
    this.#connections = routes.map(({ at, sticky, upstream }) => ({
      at,
      sticky,
      backend: connect(props.server, upstream),
    }));
    if (this.#embedded.length > 1) {
      throw new InvalidValue({
        what: `applications inside of ${this.path}`,
        got: this.#embedded.map(({ name }) => name).join(", "),
        allowed: "one",
        fix: "Use Apache.modProxy() for several, or a second Edge",
      });
    }
    Environment.of(this).add(this);
  }

  get path(): string {
    return this.node.path;
  }

  workloads(): readonly Workload[] {
    const { server } = this.#props;
    const node = this.#embedded[0]?.embedded?.node();
    const edge = this.#workload();
    return [
      node === undefined || server.embed === undefined ? edge : server.embed(edge, node),
      ...this.#acmeClient(),
    ];
  }

  #workload(): Workload {
    const { server, target, tls } = this.#props;
    const backends = this.#connections.map(({ backend }) => backend).filter(({ embedded }) => !embedded);
    return {
      name: this.name,
      role: "edge",
      image: {
        name: server.image.name,
        context: [
          { folder: server.image.folder, into: "" },
          { folder: fileURLToPath(new URL("image", import.meta.url)), into: "" },
          { folder: fileURLToPath(new URL("../engine/image", import.meta.url)), into: "" },
        ],
        args: {},
      },
      replicas: 1,
      user: USER,
      environment: { SLIPWAY_CERTIFICATE: tls.certificate },
      files: [
        {
          path: "/etc/slipway/hostnames",
          content: this.#hostnames()
            .map((name) => `${name}\n`)
            .join(""),
        },
        ...server.files(this.#site()),
        ...(this.#asksItself ? this.#authority() : []),
      ],
      secrets: this.#certificateFiles(),
      volumes: [
        ...(tls.certificate === "files"
          ? []
          : [
              {
                volume: {
                  name: `${this.name}-tls`,
                  storage: LocalDisk.volumes(),
                  folder: "tls",
                  // An authority signs the same names a few times a week, and no more.
                  keep: this.#asksItself && this.#keeps,
                },
                path: TLS_FOLDER,
              },
            ]),
        ...(this.#hasClient ? foldersOfClient(this.name) : []),
        ...backends.map(({ name, staticFiles }) => ({
          volume: staticFiles,
          path: staticFolder(name),
          readOnly: true,
        })),
        ...backends.flatMap(({ name, sockets }) =>
          sockets === undefined ? [] : [{ volume: sockets, path: `${SOCKETS}/${name}`, readOnly: true }],
        ),
      ],
      networks: [this.#outside, ...new Set(backends.map(({ network }) => network))],
      ports: [
        { address: target.address, host: target.ports.http, container: HTTP },
        { address: target.address, host: target.ports.https, container: HTTPS },
        ...(this.#tunnel
          ? [{ address: "127.0.0.1", host: target.ports.admin ?? ADMIN_PORT, container: ADMIN_LISTENER }]
          : []),
      ],
      health: { command: ["health"], startPeriod: Duration.of("30 seconds") },
      limits: { memory: this.#memory },
      capabilities: [],
      stop: server.stop,
      release: "stop-first",
      reconfigurable: true,
    };
  }

  describe(): Contribution {
    const { server, target, tls } = this.#props;
    return {
      edges: [
        {
          path: this.path,
          server: server.name,
          bodyLimit: this.#bodyLimit.bytes,
          hostname: target.hostname.toString(),
          certificate: tls.certificate,
          ...(tls.acme && {
            acme: { names: this.#hostnames(), directory: tls.acme.directory, isPublic: tls.acme.isPublic },
          }),
          admin: this.#admin.mode,
          routes: this.#connections.map(({ at, sticky, backend }) => ({
            app: backend.name.text,
            at,
            sticky: sticky.by,
            staticPaths: siteApp({ at, sticky, backend }).statics.map(({ path }) => path),
            adminPaths: adminPathsAt(at, backend.adminPaths ?? []),
          })),
        },
      ],
    };
  }

  #site(): Site {
    const { target, tls } = this.#props;
    return {
      hostnames: this.#hostnames(),
      listen: {
        http: HTTP.number,
        https: HTTPS.number,
        ...(this.#tunnel && { admin: ADMIN_LISTENER.number }),
      },
      publicHttpsPort: target.ports.https.number,
      certificate: this.#certificate(),
      staple: tls.files?.check(this.#hostnames()).hasResponder ?? false,
      ...this.#acme(),
      strictTransport: tls.certificate !== "self-signed",
      bodyLimit: this.#bodyLimit,
      timeout: this.#timeout,
      apps: this.#connections.map(siteApp).sort((a, b) => b.at.length - a.at.length),
      admin: siteAdmin(this.#admin.mode, this.#adminPaths),
    };
  }

  #certificate(): Site["certificate"] {
    if (this.#props.tls.certificate === "files") {
      return CERTIFICATE_PATHS;
    }
    return this.#hasClient
      ? { chain: SITE, key: SITE }
      : { chain: `${TLS_FOLDER}/chain.pem`, key: `${TLS_FOLDER}/key.pem` };
  }

  get #adminPaths(): readonly string[] {
    return this.#connections.flatMap(({ at, backend }) => adminPathsAt(at, backend.adminPaths ?? []));
  }

  get #embedded(): readonly Backend[] {
    return this.#connections.map(({ backend }) => backend).filter(({ embedded }) => embedded);
  }

  get #tunnel(): boolean {
    return this.#admin.mode === "through-tunnel";
  }

  #hostnames(): string[] {
    const { hostname, aliases } = this.#props.target;
    return [hostname, ...aliases].map((name) => name.toString());
  }

  #acme(): Pick<Site, "acme"> {
    const { acme } = this.#props.tls;
    if (acme === undefined) return {};
    const { hostname, aliases } = this.#props.target;
    // Addresses are names of the site too, but authorities sign for other names only.
    const names = [hostname, ...aliases].filter((name) => !name.isAddress).map((name) => name.toString());
    if (names.length === 0) {
      throw new InvalidValue({
        what: `names of ${this.path} for ACME`,
        got: this.#hostnames().join(", "),
        allowed: "at least one name that is no address",
        fix: "Name the site in the target, or use Tls.selfSigned() or Tls.files()",
      });
    }
    return {
      acme: {
        directory: acme.directory,
        email: acme.email,
        names,
        store: `${TLS_FOLDER}/acme`,
        ...(acme.authority !== undefined && { authority: AUTHORITY }),
      },
    };
  }

  #acmeClient(): Workload[] {
    const { acme } = this.#acme();
    if (acme === undefined || !this.#hasClient) return [];
    return [
      acmeClient({
        edge: this.name,
        port: HTTP.number,
        user: USER,
        network: this.#outside,
        request: acme,
        files: this.#authority(),
        keep: this.#keeps,
      }),
    ];
  }

  get #outside(): Network {
    return { name: this.name, internal: false };
  }

  get #asksItself(): boolean {
    return this.#props.tls.certificate === "acme" && !this.#hasClient;
  }

  get #hasClient(): boolean {
    const { server, tls } = this.#props;
    return tls.certificate === "acme" && server.asksAuthority === "client";
  }

  get #keeps(): boolean {
    return Environment.of(this).purpose === "production";
  }

  #authority(): ConfigFile[] {
    const path = this.#props.tls.acme?.authority;
    return path === undefined ? [] : [{ path: AUTHORITY, content: readAuthority(path) }];
  }

  #certificateFiles(): SecretFile[] {
    const { files } = this.#props.tls;
    return files === undefined ? [] : [{ secret: files.chain }, { secret: files.key }];
  }
}

function siteApp({ at, sticky, backend }: Connection): SiteApp {
  const { name, protocol, nodes, sockets, embedded, rootMount, staticPaths } = backend;
  const mount = at === "/" ? "" : at;
  return {
    name: name.text,
    at,
    protocol,
    ...(embedded && { daemon: embedded }),
    nodes: sockets === undefined ? nodes : nodes.map((node) => `${SOCKETS}/${name}/${node}`),
    sticky,
    ...(at === "/" ? rootMount : { prefix: "", headers: {} }),
    statics: staticPaths.map((path) => ({
      path: mount + path,
      folder: (embedded ? STATIC : staticFolder(name)) + path,
    })),
  };
}

function staticFolder(app: Name): string {
  return `${STATIC}/${app}`;
}
