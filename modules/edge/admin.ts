/**
 * Who reaches the administration that a framework or an application brings along, such as web2py's `admin` and
 * `appadmin` or py4web's `_dashboard` (recipes 2, 11 and 20). Which paths lead there, the application's source says.
 *
 *     new Edge(this, "edge", { admin: Admin.throughTunnel(), ... });
 */
import { Port } from "../values/port.ts";
import type { SiteAdmin } from "./site.ts";

export type AdminMode = "disabled" | "over-tls" | "through-tunnel";

/** Port of the host that the tunnel leads to, unless the target names another: the one of recipe 11. */
export const ADMIN_PORT = Port.of(8001);

/** Between the segments of a path. */
const SEPARATOR = "[/\\x5c]+";

/** Port in the edge's container that the tunnel ends at. */
export const ADMIN_LISTENER = Port.of(8444);

/** How the administration is reached. */
export class Admin {
  readonly mode: AdminMode;

  private constructor(mode: AdminMode) {
    this.mode = mode;
    Object.freeze(this);
  }

  /** By nobody: its paths answer 404, whatever the application has there. */
  static disabled(): Admin {
    return new Admin("disabled");
  }

  /** By everybody who has the password, over TLS. Plain http is refused rather than redirected: nothing is typed there. */
  static overTls(): Admin {
    return new Admin("over-tls");
  }

  /**
   * By who has an account on the host: a second listener with TLS, published on the host's 127.0.0.1 only, serves the
   * whole site; the public ones answer 404. `npm run admin -- <stack>` leads there, through SSH where the engine is
   * elsewhere. The port is `ports.admin` of the target, 8001 where it names none.
   */
  static throughTunnel(): Admin {
    return new Admin("through-tunnel");
  }
}

/**
 * The paths of a site that lead to the administration of an application.
 * @param at where on the site the application is
 * @param paths as its source says them, where `*` stands for any one segment
 */
export function adminPathsAt(at: string, paths: readonly string[]): string[] {
  const mount = at === "/" ? "" : at;
  return paths.map((path) => mount + path);
}

/**
 * What matches these paths and everything below them: a regular expression of Perl's kind for a path that is decoded
 * once and without dots. Frameworks are more generous than a path on the wire: web2py decodes once more, takes a
 * backslash for a slash and overlooks a line end (gluon/rewrite.py, regex_url_in). So what is still encoded among the
 * first segments matches as well, and capitals do. `\x5c` is a backslash that no configuration file takes for its own.
 */
export function adminPattern(paths: readonly string[]): string {
  const segment = (name: string) => (name === "*" ? "[^/\\x5c]+" : name.replaceAll(".", "\\."));
  const patterns = paths.map((path) => path.slice(1).split("/").map(segment));
  const names = new Set(patterns.map((segments) => segments.join(SEPARATOR)));
  const depth = Math.max(...patterns.map((segments) => segments.length));
  const encoded = `(?:[^/\\x5c]*${SEPARATOR}){0,${depth - 1}}[^/\\x5c]*%[2-7][0-9a-f]`;
  return `(?is)^${SEPARATOR}(?:(?:${[...names].join("|")})(?:[/\\x5c\\s]|$)|${encoded})`;
}

/** What an edge refuses of these paths; undefined where there are none. */
export function siteAdmin(mode: AdminMode, paths: readonly string[]): SiteAdmin | undefined {
  if (paths.length === 0) return undefined;
  const overTls = mode === "over-tls";
  return {
    paths: adminPattern(paths),
    overHttp: overTls ? 403 : 404,
    overTls: overTls ? undefined : 404,
  };
}
