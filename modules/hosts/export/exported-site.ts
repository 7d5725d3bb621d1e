import { py4webMount } from "../../app/py4web-mount.ts";
import type { RootMount } from "../../app/source.ts";
import { ADMIN_PORT, siteAdmin } from "../../edge/admin.ts";
import type { Site, SiteApp } from "../../edge/site.ts";
import type { WrittenEdge } from "../../environment/description-file.ts";
import type { DescribedRoute } from "../../rules/description.ts";
import { Duration } from "../../values/duration.ts";
import { InvalidValue } from "../../values/invalid-value.ts";
import { Size } from "../../values/size.ts";
import { appsOf, type ExportedApp, type ExportedStack } from "./exported-stack.ts";

/** The one edge of a stack. @throws InvalidValue for none or several */
export function edgeOf({ name, description: { edges } }: ExportedStack): WrittenEdge {
  const [edge, ...others] = edges;
  if (edge !== undefined && others.length === 0) return edge;
  throw new InvalidValue({
    what: `edges of ${name}`,
    got: edges.map(({ path }) => path).join(", ") || "none",
    allowed: "one",
    fix: "Export a stack with one edge",
  });
}

/** An application, and the route that leads to it. */
export interface RoutedApp {
  readonly app: ExportedApp;
  readonly route: DescribedRoute;
}

export function routedApps(stack: ExportedStack): readonly RoutedApp[] {
  const { routes } = edgeOf(stack);
  return appsOf(stack).flatMap((app) =>
    routes.filter((route) => route.app === app.described.name).map((route) => ({ app, route })),
  );
}

/** Names of the site; the first one is canonical. */
export function hostnamesOf(stack: ExportedStack): readonly string[] {
  const edge = edgeOf(stack);
  const written = stack.description.workloads.find(({ path }) => path === edge.path)?.files[
    "/etc/slipway/hostnames"
  ];
  const names = (written ?? "").split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return names.length > 0 ? names : [edge.hostname];
}

/** How an application is told that it is at the root of the site. */
export function mountOf({ app, route: { at } }: RoutedApp): Pick<SiteApp, "at" | "prefix" | "headers"> {
  return { at, ...mountAt(app, at) };
}

/** The same for a path of the site. */
export function mountAt({ described }: ExportedApp, at: string): RootMount {
  const [application] = described.applications;
  const atRoot = at === "/" && described.kind === "py4web" && application !== undefined;
  return atRoot ? py4webMount(application) : { prefix: "", headers: {} };
}

/** Path of a visitor for one of the application's own. */
export function visitedPath(path: string, { at, prefix }: Pick<SiteApp, "at" | "prefix">): string {
  const inside = prefix !== "" && path.startsWith(prefix) ? path.slice(prefix.length) : path;
  return at === "/" || inside === at || inside.startsWith(`${at}/`) ? inside : `${at}${inside}`;
}

export interface SiteOptions {
  readonly certificate: Site["certificate"];
  /** Ports where the stack publishes none. */
  readonly ports: { readonly http: number; readonly https: number };
}

/** The site, for the parts of a server's configuration that are the same without containers; it has no nodes. */
export function siteOf(stack: ExportedStack, { certificate, ports }: SiteOptions): Site {
  const edge = edgeOf(stack);
  const https = edge.ports.https ?? ports.https;
  return {
    hostnames: hostnamesOf(stack),
    listen: {
      http: edge.ports.http ?? ports.http,
      https,
      ...(edge.admin === "through-tunnel" && { admin: edge.ports.admin ?? ADMIN_PORT.number }),
    },
    publicHttpsPort: https,
    certificate,
    // A browser must not be told to insist on a certificate that it would refuse.
    strictTransport: edge.certificate !== "self-signed",
    apps: [],
    admin: siteAdmin(
      edge.admin,
      edge.routes.flatMap(({ adminPaths }) => adminPaths),
    ),
    bodyLimit: Size.bytes(edge.bodyLimit),
    timeout: Duration.of("60 seconds"),
  };
}
