import type { Grant } from "./service.ts";
import type { Sessions } from "./sessions.ts";

/** The memcached instances of an application, as `host:port`. */
export interface CacheServers {
  /** For values. A cache that is for sessions is for values too only where there is no other: they would push out sessions. */
  readonly values: readonly string[];
  /** For sessions; empty where those are kept elsewhere. */
  readonly sessions: readonly string[];
}

export function cacheServers(grants: readonly Grant[], { service }: Sessions): CacheServers {
  const caches = grants.filter((grant) => grant.kind === "cache");
  const own = caches.filter((grant) => grant.service === service?.node.path);
  const others = caches.filter((grant) => !own.includes(grant));
  const serversOf = (some: typeof caches) => some.flatMap(({ servers }) => servers);
  return { values: serversOf(others.length > 0 ? others : own), sessions: serversOf(own) };
}
