/** What an edge's configuration says, whoever the server is: the model that each server's text is made from. */
import type { Protocol } from "../app/protocol.ts";
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

/** An application behind the edge, as the configuration needs it. */
export interface SiteApp {
  readonly name: string;
  /** Path on the site, `/` or without a slash at its end. */
  readonly at: string;
  readonly protocol: Protocol;
  /** `host:port` of the nodes, or absolute paths of their Unix sockets. */
  readonly nodes: readonly string[];
  readonly sticky: Stickiness;
  /** Put before the path of each request to a node; empty, or without a slash at its end. */
  readonly prefix: string;
  /** Request headers to set. */
  readonly headers: Readonly<Record<string, string>>;
  readonly statics: readonly StaticFiles[];
}

/** Everything that the configuration of an edge depends on. */
export interface Site {
  /** Names of the site; the first one is canonical. */
  readonly hostnames: readonly string[];
  /** Ports in the container. */
  readonly listen: { readonly http: number; readonly https: number };
  /** Port that visitors see in the address of the TLS site. */
  readonly publicHttpsPort: number;
  readonly certificate: { readonly chain: string; readonly key: string };
  /** Browsers are told to come back by TLS only; never for a certificate they would refuse. */
  readonly strictTransport: boolean;
  /** The longest path first: servers take the first that matches. */
  readonly apps: readonly SiteApp[];
  readonly bodyLimit: Size;
  /** How long a node may take for an answer. */
  readonly timeout: Duration;
}

/** Folder of the edge's own pages in every edge's image. */
export const PAGES = "/usr/share/slipway/edge";
/** While this file is there, visitors get the page of the maintenance. */
export const MAINTENANCE = "/run/slipway/maintenance";
