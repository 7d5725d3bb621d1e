/** Where things are on the host. */
export const CONFIGURATION = "/etc/cherokee";
/** Of Cherokee, and of the applications that it starts. */
export const USER = "www-data";
/** Of Cherokee's own administration. */
export const ADMIN_CONSOLE_PORT = 9090;

/** Everything of a stack. */
export function stackFolder(stack: string): string {
  return `/srv/slipway/${stack}`;
}

/** An application of it: what all releases write to, and a folder for each release. */
export function appFolder(stack: string, app: string): string {
  return `${stackFolder(stack)}/${app}`;
}

/** A link to the release that is served. */
export function currentRelease(stack: string, app: string): string {
  return `${appFolder(stack, app)}/current`;
}

export function socketOf(stack: string, app: string): string {
  return `${appFolder(stack, app)}/run/fastcgi`;
}

export function pidFileOf(stack: string, app: string): string {
  return `${appFolder(stack, app)}/run/uwsgi.pid`;
}
