/** What an edge's configuration says, whoever the server is: the model that each server's text is made from. */
import type { Protocol } from "../app/protocol.ts";
import type { Embedded } from "../app/upstream.ts";
import type { Duration } from "../values/duration.ts";
import type { Size } from "../values/size.ts";
import type { Stickiness } from "./stickiness.ts";

/** Static files that the edge serves itself. */
export interface StaticFiles {
  /** Path on the site, such as `/shop/static`, without a slash at its end. */
  readonly path: string;
  /** Folder in the edge's container. */
  readonly folder: string;
}

/** The daemon of an application that runs inside of the edge. */
export type SiteDaemon = Pick<Embedded, "concurrency" | "maximumRequests">;

/** An application behind the edge, as the configuration needs it. */
export interface SiteApp {
  readonly name: string;
  /** Path on the site, `/` or without a slash at its end. */
  readonly at: string;
  readonly protocol: Protocol;
  /** By `wsgi` only. */
  readonly daemon?: SiteDaemon;
  /** `host:port` of the nodes, or absolute paths of their Unix sockets. */
  readonly nodes: readonly string[];
  readonly sticky: Stickiness;
  /** Put before the path of each request to a node; empty, or without a slash at its end. */
  readonly prefix: string;
  /** Request headers to set. */
  readonly headers: Readonly<Record<string, string>>;
  readonly statics: readonly StaticFiles[];
}

/** The administration that applications bring along, and where it is refused (recipe 11). */
export interface SiteAdmin {
  /** What matches its paths: a regular expression of Perl's kind for a path that is decoded and without dots. */
  readonly paths: string;
  /** What the plain listener answers there; it redirects everything else. */
  readonly overHttp: 403 | 404;
  /** What the listener with TLS answers there; undefined where it lets them pass. */
  readonly overTls: 404 | undefined;
}

/** An authority that signs the certificate of the site. */
export interface SiteAcme {
  readonly directory: string;
  readonly email: string;
  /** What the certificate is for. */
  readonly names: readonly string[];
  /** Folder for the account, the certificates and their keys of a server that asks itself; it outlives the container. */
  readonly store: string;
  /** File with the issuers of the directory's own certificate. @default those of the distribution */
  readonly authority?: string;
}

/** Everything that the configuration of an edge depends on. */
export interface Site {
  /** Names of the site; the first one is canonical. */
  readonly hostnames: readonly string[];
  /**
   * Ports in the container. `admin` is for the end of a tunnel: with TLS, under the name localhost as well, the whole
   * site and its administration. It never asks browsers to come back by TLS only: localhost is not the site's name.
   */
  readonly listen: { readonly http: number; readonly https: number; readonly admin?: number };
  /** Port that visitors see in the address of the TLS site. */
  readonly publicHttpsPort: number;
  readonly certificate: { readonly chain: string; readonly key: string };
  /** Hand on what the issuer's responder says of the certificate (OCSP). @default false */
  readonly staple?: boolean;
  /** The authority that a better certificate comes from. @default nobody */
  readonly acme?: SiteAcme;
  /** Browsers are told to come back by TLS only; never for a certificate they would refuse. */
  readonly strictTransport: boolean;
  /** The longest path first: servers take the first that matches. */
  readonly apps: readonly SiteApp[];
  /** Undefined where no application has any. */
  readonly admin?: SiteAdmin | undefined;
  readonly bodyLimit: Size;
  /** How long a node may take for an answer. */
  readonly timeout: Duration;
}

/** What is asked of applications; some of them take a method that they do not know for a GET. */
export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
/** Folder of the edge's own pages in every edge's image. */
export const PAGES = "/usr/share/slipway/edge";
/** While this file is there, visitors get the page of the maintenance. */
export const MAINTENANCE = "/run/slipway/maintenance";
