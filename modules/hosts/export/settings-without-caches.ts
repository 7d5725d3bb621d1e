/** `settings_private.py` of py4web for a host without the memcached of the stack. */
export function py4webWithoutCaches(python: string): string {
  return python.replace(/^MEMCACHE_CLIENTS = .*$/m, "MEMCACHE_CLIENTS = []");
}

/** The same of `web2py.json`. */
export function web2pyWithoutCaches(json: string): string {
  return `${JSON.stringify({ ...JSON.parse(json), cache: [] }, undefined, 2)}\n`;
}
