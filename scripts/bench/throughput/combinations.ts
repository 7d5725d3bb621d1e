/** Ways to run the same application, each with what it is held against. */
export interface Combination {
  /** Name of its edge; its application is called the same with `-app`. */
  readonly name: string;
  /** The same daemon as its distribution configures it; see baseline/serve. */
  readonly baseline: string;
}

/** All that the types allow for an application of one node. */
export const COMBINATIONS = [
  { name: "mod-proxy-uwsgi", baseline: "apache-uwsgi" },
  { name: "mod-proxy-gunicorn", baseline: "apache-http" },
  { name: "mod-proxy-mod-wsgi", baseline: "apache-http" },
  { name: "mod-wsgi", baseline: "apache-mod-wsgi" },
  { name: "fastcgi-unix", baseline: "lighttpd-fastcgi-unix" },
  { name: "fastcgi-tcp", baseline: "lighttpd-fastcgi-tcp" },
  { name: "proxy-uwsgi", baseline: "lighttpd-http" },
  { name: "proxy-gunicorn", baseline: "lighttpd-http" },
] as const satisfies readonly Combination[];

export type CombinationName = (typeof COMBINATIONS)[number]["name"];

/** Name of the site, which only the load generator has to know. */
export const HOSTNAME = "bench.test";

/** Name of a combination's application. */
export const appOf = (name: CombinationName): string => `${name}-app`;
