import type { Concurrency } from "../concurrency.ts";
import { BEHIND_EDGE } from "./behind-edge.ts";

/** The WSGI script: the one file that Apache may read of an application's container. */
export const ENTRY = `${BEHIND_EDGE.folder}/${BEHIND_EDGE.file}`;

/** What a daemon of mod_wsgi is made by. */
export interface WsgiDaemon {
  /** Of the application; `ps` shows it as `(wsgi:<name>)`. */
  readonly name: string;
  readonly concurrency: Concurrency;
  /** @default unlimited */
  readonly maximumRequests: number | undefined;
  /** How long an answer may take, in seconds. */
  readonly timeout: number;
}

/**
 * The directives of mod_wsgi's daemon mode, for an Apache that belongs to one application. A process count is only
 * written where there are several: already `processes=1` makes `wsgi.multiprocess` true.
 */
export function wsgiDaemon({ name, concurrency, maximumRequests, timeout }: WsgiDaemon): string {
  const { processes, threads } = concurrency;
  const options = [
    "display-name=%{GROUP}",
    "user=app",
    "group=app",
    ...(processes > 1 ? [`processes=${processes}`] : []),
    `threads=${threads}`,
    "home=/srv/app",
    "python-home=/srv/venv",
    "python-path=/opt/slipway:/srv/app",
    "lang=C.UTF-8",
    "locale=C.UTF-8",
    "listen-backlog=128",
    "connect-timeout=15",
    "queue-timeout=30",
    `socket-timeout=${timeout}`,
    // The mean over the threads of a process: it is replaced when it is stuck, not for a single slow request.
    "request-timeout=120",
    "deadlock-timeout=60",
    "graceful-timeout=20",
    "shutdown-timeout=20",
    ...(maximumRequests === undefined ? [] : [`maximum-requests=${maximumRequests}`]),
  ];
  return `# Python is in the daemon alone, never in the processes that visitors' connections reach.
WSGIRestrictEmbedded On
WSGISocketPrefix /run/slipway/wsgi
WSGIScriptReloading Off
# As any other server has it: the application may ask for a password itself, and read a body of unknown length.
WSGIPassAuthorization On
WSGIChunkedRequest On
WSGIDaemonProcess ${name} ${options.join(" ")}
WSGIProcessGroup ${name}
WSGIApplicationGroup %{GLOBAL}
<Directory ${BEHIND_EDGE.folder}>
  <Files ${BEHIND_EDGE.file}>
    Require all granted
  </Files>
</Directory>
`;
}
