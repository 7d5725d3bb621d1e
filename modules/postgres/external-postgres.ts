/**
 * A database on a PostgreSQL server that the team already has.
 *
 *     const db = new ExternalPostgres(this, "db", {
 *       host: "db.example.org",
 *       database: "shop",
 *       password: Secret.fromFile("db-password", "/etc/shop/db-password"),
 *     });
 *     shop.uses(db);
 */
import { Construct } from "constructs";
import { certificatePath } from "../app/database-trust.ts";
import type { DatabaseGrant, Service } from "../app/service.ts";
import type { Network } from "../engine/network.ts";
import type { Workload } from "../engine/workload.ts";
import { Environment } from "../environment/environment.ts";
import type { Contribution, Module } from "../environment/module.ts";
import { countOf } from "../values/count.ts";
import { Hostname } from "../values/hostname.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";
import { Port } from "../values/port.ts";
import { Secret } from "../values/secret.ts";
import { DatabaseTls } from "./database-tls.ts";

export interface ExternalPostgresProps {
  /** Name or IPv4 address, as the nodes reach it; verified TLS asks for it in the server's certificate. */
  readonly host: Hostname | string;
  /** @default 5432 */
  readonly port?: Port | number;
  /** The database, which has to be there. */
  readonly database: string;
  /** Owner of the database, so that applications can migrate it. @default the name of the database */
  readonly role?: string;
  /** Letters, digits and . _ ~ - only, because pydal takes it from an address as it stands there. */
  readonly password: Secret;
  /** @default DatabaseTls.verified(), by public authorities */
  readonly tls?: DatabaseTls;
  /** Connections that the server grants to the role. @default unknown: no rule counts them */
  readonly connections?: number;
}

/** A database on a server that is not of the stack: nothing of it is made, changed or destroyed. */
export class ExternalPostgres extends Construct implements Module, Service<DatabaseGrant> {
  readonly kind = "database";
  readonly name: Name;
  readonly #host: Hostname;
  readonly #port: Port;
  readonly #database: string;
  readonly #role: string;
  readonly #password: Secret;
  readonly #tls: DatabaseTls;
  readonly #connections: number | undefined;
  readonly #network: Network;

  constructor(scope: Construct, id: string, props: ExternalPostgresProps) {
    super(scope, Name.of(id).text);
    this.name = Name.of(id);
    this.#host = reachable(Hostname.of(props.host));
    this.#port = Port.of(props.port ?? 5432);
    this.#database = identifier("database", props.database);
    this.#role = identifier("role", props.role ?? props.database);
    this.#password = Secret.forAddress(props.password);
    this.#tls = props.tls ?? DatabaseTls.verified();
    this.#connections =
      props.connections === undefined
        ? undefined
        : countOf(props.connections, { of: "connections", most: 262_143, fix: "Write connections: 100" });
    // Nodes need a way out to it, even those that have no other.
    this.#network = { name: this.name, internal: false };
    Environment.of(this).add(this);
  }

  get path(): string {
    return this.node.path;
  }

  /** The same role and database for every application: the team has made them. */
  grant(): DatabaseGrant {
    const certificate = this.#tls.certificate(this.name.text);
    const { rootCertificate } = this.#tls;
    const server = `${this.#host}:${this.#port}`;
    const parameters = this.#tls.parameters(certificatePath(this.name.text));
    return {
      kind: "database",
      service: this.path,
      name: this.name,
      network: this.#network,
      host: this.#host.text,
      port: this.#port.number,
      database: this.#database,
      url: Secret.text(
        `${this.name}_url`,
      )`postgresql://${this.#role}:${this.#password}@${server}/${this.#database}?${parameters}`,
      ...(certificate && { certificate }),
      ...(rootCertificate !== undefined && { rootCertificate }),
    };
  }

  workloads(): readonly Workload[] {
    return [];
  }

  describe(): Contribution {
    return {
      externalDatabases: [
        {
          path: this.path,
          name: this.name.text,
          host: this.#host.text,
          port: this.#port.number,
          database: this.#database,
          trust: this.#tls.trust,
          maxConnections: this.#connections,
        },
      ],
    };
  }
}

function reachable(host: Hostname): Hostname {
  if (host.text !== "localhost" && !host.text.startsWith("127.")) return host;
  throw new InvalidValue({
    what: "host of an external server",
    got: host.text,
    allowed:
      "a name or an address by which containers reach it; in a container this one is the container itself",
    fix: "Write the address of this machine in its network, and let the server listen there",
  });
}

/** A name that needs no quoting in an address. */
function identifier(of: "database" | "role", text: string): string {
  if (/^[A-Za-z_][\w.-]{0,62}$/.test(text)) return text;
  throw new InvalidValue({
    what: `${of} of an external server`,
    got: text,
    allowed:
      "letters, digits, underscores, dots and hyphens, at most 63, the first one a letter or an underscore",
    fix: `Write the name of the ${of} as the server has it, such as "shop"`,
  });
}
