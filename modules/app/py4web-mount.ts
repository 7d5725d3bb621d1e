import type { RootMount } from "./source.ts";

/**
 * How py4web is told that an application is at the root of the site. With this header it leaves the prefix out of the
 * addresses it makes (py4web/core.py). The slash in front is needed: the request's own address is cut by the length of
 * the header.
 */
export function py4webMount(application: string): RootMount {
  return { prefix: `/${application}`, headers: { "X-PY4WEB-APPNAME": `/${application}` } };
}
