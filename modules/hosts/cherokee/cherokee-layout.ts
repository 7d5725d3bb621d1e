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

/** An application of it. */
export function appFolder(stack: string, app: string): string {
  return `${stackFolder(stack)}/${app}`;
}

export function socketOf(stack: string, app: string): string {
  return `${appFolder(stack, app)}/run/fastcgi`;
}
