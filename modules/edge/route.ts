import type { Protocol } from "../app/protocol.ts";
import type { Upstream } from "../app/upstream.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Stickiness, type StickyBy } from "./stickiness.ts";

export interface RouteOptions {
  /** Where on the site the application is. It gets the whole path, with this in front, and an empty SCRIPT_NAME. @default / */
  readonly at?: `/${string}`;
}

export interface StickyRouteOptions<S extends StickyBy> extends RouteOptions {
  /** Lead a visitor to the same node again. @default Stickiness.none() */
  readonly sticky: Stickiness<S>;
}

/** Which part of a site leads to which application, or to a balancer before it. */
export class Route<P extends Protocol = Protocol, S extends StickyBy = StickyBy> {
  readonly upstream: Upstream<P>;
  readonly at: string;
  readonly sticky: Stickiness<S>;

  private constructor(upstream: Upstream<P>, at: string, sticky: Stickiness<S>) {
    this.upstream = upstream;
    this.at = at;
    this.sticky = sticky;
    Object.freeze(this);
  }

  /**
   * A route to an application or a balancer.
   * @throws InvalidValue when the path has characters that would need quoting, or ends with a slash.
   */
  static to<P extends Protocol>(upstream: Upstream<P>, options?: RouteOptions): Route<P, "nothing">;
  static to<P extends Protocol, S extends StickyBy>(
    upstream: Upstream<P>,
    options: StickyRouteOptions<S>,
  ): Route<P, S>;
  static to(upstream: Upstream<Protocol>, options: Partial<StickyRouteOptions<StickyBy>> = {}): Route {
    const at = options.at ?? "/";
    if (!/^(\/|(\/[a-z0-9_-]+)+)$/.test(at)) {
      throw new InvalidValue({
        what: "route",
        got: at,
        allowed:
          "/ or a path of lower-case letters, digits, hyphens and underscores without a slash at its end",
        fix: 'Write a path such as "/shop"',
      });
    }
    return new Route(upstream, at, options.sticky ?? Stickiness.none());
  }
}
