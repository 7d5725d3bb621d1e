/** Where the folders of a container are on another host, by their path in the container. */
export type Places = ReadonlyMap<string, string>;

/** The folders of an application's container, below one folder of another host. */
export function placesBelow(root: string): Places {
  return new Map([
    ["/srv/app", `${root}/app`],
    ["/opt/slipway", `${root}/slipway`],
    ["/etc/slipway", `${root}/settings`],
    ["/run/secrets", `${root}/secrets`],
    ["/srv/shared", `${root}/shared`],
    ["/srv/static", `${root}/static`],
    ["/srv/venv", `${root}/venv`],
    ["/run/slipway", `${root}/run`],
    ["/var/lib/app", `${root}/state`],
    // Where a link leads to in a container: web2py's admin looks for it in the installation.
    ["/var/lib/app/parameters_", `${root}/app/parameters_`],
    ["/tmp/databases", `${root}/state/databases`],
  ]);
}

/** A text with the paths of another host. What merely begins like one of the folders is left as it is. */
export function relocated(text: string, places: Places): string {
  const folders = [...places.keys()].sort((one, other) => other.length - one.length);
  if (folders.length === 0) return text;
  const pattern = new RegExp(`(?<![\\w.-])(?:${folders.join("|")})(?![\\w.-])`, "g");
  return text.replace(pattern, (folder) => places.get(folder) ?? folder);
}
