import type { App, Backend } from "../app/app.ts";
import { InvalidValue } from "../values/invalid-value.ts";

export interface RouteOptions {
  /** Where on the site the application is. It gets the whole path, with this in front, and an empty SCRIPT_NAME. @default / */
  readonly at?: `/${string}`;
  /** Lead a visitor to the same node again. @default false */
  readonly sticky?: boolean;
}

/** Which part of a site leads to which application. */
export class Route {
  readonly at: string;
  readonly sticky: boolean;
  readonly #app: App;

  private constructor(app: App, at: string, sticky: boolean) {
    this.#app = app;
    this.at = at;
    this.sticky = sticky;
    Object.freeze(this);
  }

  /**
   * A route to an application.
   * @throws InvalidValue when the path has characters that would need quoting, or ends with a slash.
   */
  static to(app: App, options: RouteOptions = {}): Route {
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
    return new Route(app, at, options.sticky ?? false);
  }

  get backend(): Backend {
    return this.#app.backend();
  }
}
