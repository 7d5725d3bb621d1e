import type { Name } from "../values/name.ts";

/**
 * A network that leads to one workload. Who was given it with `uses` or `Route.to` joins it; nobody else is on it.
 */
export interface Network {
  readonly name: Name;
  /** Without a way out to the internet. */
  readonly internal: boolean;
}
