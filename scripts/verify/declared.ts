import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DESCRIPTION_FILE } from "../../modules/environment/description-file.ts";
import { Problem } from "../setup/problem.ts";
import type { Stack } from "../stack/stack.ts";

/** The default of EdgeProps (modules/edge/edge.ts). */
const USUAL_BODY_LIMIT = 16 * 2 ** 20;

/** By what a visitor is led to the same node again. */
export type Sticky = "none" | "cookie" | "address";

/** How the framework's own administration is reached (recipe 11). */
export type AdminMode = "disabled" | "over-tls" | "through-tunnel";

export interface DeclaredRoute {
  /** Name of the application. */
  readonly app: string;
  /** Path that it begins with, such as `/` or `/shop`. */
  readonly at: string;
  readonly sticky: Sticky;
  /** Paths of the site that lead to its administration; `*` stands for any one segment. */
  readonly adminPaths: readonly string[];
}

export interface DeclaredEdge {
  readonly name: string;
  /** Such as `apache-mod-proxy`; undefined where the edge does not say. */
  readonly server: string | undefined;
  readonly hostname: string;
  /** Address of the host that it listens on. */
  readonly address: string;
  readonly ports: { readonly http: number; readonly https: number };
  readonly certificate: string;
  readonly routes: readonly DeclaredRoute[];
  readonly admin: AdminMode;
  /** In bytes. */
  readonly bodyLimit: number;
  /** What it offers in the TLS handshake. */
  readonly protocols: readonly string[];
}

export interface DeclaredApp {
  readonly name: string;
  /** Such as `py4web`; undefined where the application does not say. */
  readonly kind: string | undefined;
  /** Such as `uwsgi`. */
  readonly server: string | undefined;
  readonly nodes: number;
  /** Names of the applications inside of it; its own name for a single one. */
  readonly applications: readonly string[];
}

export interface Declared {
  readonly purpose: string;
  readonly edges: readonly DeclaredEdge[];
  readonly apps: readonly DeclaredApp[];
}

/**
 * What a stack declared when it was written last.
 * @throws Problem when it was never written from here
 */
export function declaredOf(stack: Stack): Declared {
  const file = join(stack.folder, DESCRIPTION_FILE);
  if (!existsSync(file)) {
    throw new Problem({
      what: `There is no description of the stack ${stack.name}, so nobody knows what it should do.`,
      value: file,
      fix: `npm start -- ${stack.name} writes it`,
    });
  }
  const { hostname, address, ports } = stack.target;
  return parseDeclared(readFileSync(file, "utf8"), {
    hostname: `${hostname}`,
    address,
    ports: { http: ports.http.number, https: ports.https.number },
  });
}

/** Reads a description; what an edge does not say is as its target or its module has it by default. */
export function parseDeclared(
  json: string,
  target: Pick<DeclaredEdge, "hostname" | "address" | "ports">,
): Declared {
  const { purpose = "production", edges = [], apps = [] }: Written = JSON.parse(json);
  return {
    purpose,
    edges: edges.map((edge) => ({
      name: edge.name,
      server: edge.server,
      hostname: edge.hostname ?? target.hostname,
      address: edge.address ?? target.address,
      ports: {
        http: edge.ports?.http ?? target.ports.http,
        https: edge.ports?.https ?? target.ports.https,
      },
      certificate: edge.certificate ?? "files",
      routes: (edge.routes ?? []).map(({ app, at, sticky, stickiness, adminPaths = [] }) => ({
        app,
        at,
        sticky: stickyOf(stickiness ?? sticky),
        adminPaths,
      })),
      admin: edge.admin ?? "disabled",
      bodyLimit: edge.bodyLimit ?? USUAL_BODY_LIMIT,
      protocols: edge.protocols ?? ["http/1.1", "h2"],
    })),
    apps: apps.map(({ name, kind, server, nodes = 1, applications }) => ({
      name,
      kind,
      server,
      nodes,
      applications: applications ?? [name],
    })),
  };
}

function stickyOf(written: unknown): Sticky {
  if (written === true) return "cookie";
  return written === "cookie" || written === "address" ? written : "none";
}

/** All but the names may be missing: the file may be older than what reads it. */
interface Written {
  readonly purpose?: string;
  readonly edges?: readonly {
    readonly name: string;
    readonly server?: string;
    readonly hostname?: string;
    readonly address?: string | null;
    readonly ports?: { readonly http?: number | null; readonly https?: number | null };
    readonly certificate?: string;
    readonly routes?: readonly {
      readonly app: string;
      readonly at: string;
      readonly sticky?: unknown;
      readonly stickiness?: unknown;
      readonly adminPaths?: readonly string[];
    }[];
    readonly admin?: AdminMode;
    readonly bodyLimit?: number;
    readonly protocols?: readonly string[];
  }[];
  readonly apps?: readonly {
    readonly name: string;
    readonly kind?: string;
    readonly server?: string;
    readonly nodes?: number;
    readonly applications?: readonly string[];
  }[];
}
