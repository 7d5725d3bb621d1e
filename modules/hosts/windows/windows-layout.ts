/** Where things are on Windows: drive letters and slashes, which Apache, Python and PostgreSQL all take. */

/** Apache Lounge's folder. */
export const APACHE = "C:/Apache24";
/** What python.org's installer makes for all users, when it is told this folder. */
export const PYTHON = "C:/Python313";
/** The one port that a service without Apache listens on, on the loopback address. */
export const SERVICE_PORT = 8000;

/** Everything of a stack. */
export function stackFolder(stack: string): string {
  return `C:/slipway/${stack}`;
}

/** An application of it. */
export function appFolder(stack: string, app: string): string {
  return `${stackFolder(stack)}/${app}`;
}

/** As cmd.exe wants a path. */
export function backslashes(path: string): string {
  return path.replaceAll("/", "\\");
}
