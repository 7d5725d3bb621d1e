import { inherited, linesOf, listenersFile, served } from "./listeners.ts";
import type { Listener, ServerKind, ServerModel } from "./server.ts";

const FILE = "/etc/slipway/uwsgi.ini";

/** uWSGI of Debian, with its plugin for Python. */
export const uwsgi: ServerKind = {
  name: "uwsgi",
  packages: ["uwsgi-core", "uwsgi-plugin-python3"],
  requirements: [],
  command: served("uwsgi", "--ini", FILE),
  stopSignal: "SIGTERM",
  files: (model) => [{ path: FILE, content: uwsgiIni(model) }, listenersFile(linesOf(model.listeners))],
};

/** The text of `uwsgi.ini`. */
export function uwsgiIni({ callable, concurrency, memory, listeners }: Omit<ServerModel, "name">): string {
  return `; Written by Slipway.
[uwsgi]
strict = true
need-app = true
plugin = python3
virtualenv = /srv/venv
chdir = /srv/app
pythonpath = /opt/slipway
module = ${callable}
single-interpreter = true
; A process opens its own connections: those of a parent must not be shared.
lazy-apps = true
enable-threads = true
master = true
processes = ${concurrency.processes}
threads = ${concurrency.threads}
; A process that leaks is replaced between requests, well before the kernel ends the whole node.
reload-on-rss = ${Math.floor((memory.mebibytes * 3) / 4 / concurrency.processes)}

; Opened by slipway_node.serve; the last one is for the health check.
${listeners.map(socket).join("")}http-socket = ${inherited(listeners.length)}
; Apache guesses this from addresses that it has rewritten. The whole path is the application's.
route-run = setscriptname:
${listeners.some(({ protocol }) => protocol === "http") ? BEHIND_PROXY : ""}; The largest request header that is accepted, in bytes.
buffer-size = 65535
socket-timeout = 30
${concurrency.threads === 1 ? "; A request that takes longer is ended, in seconds, with its process, which serves nothing else.\nharakiri = 120\n" : ""}; SIGTERM finishes the requests at hand before the node goes.
hook-master-start = unix_signal:15 gracefully_kill_them_all
worker-reload-mercy = 20

disable-logging = true
log-5xx = true
logformat = %(addr) "%(method) %(uri) %(proto)" %(status) %(rsize) %(msecs)ms
`;
}

/** HTTP itself tells of nobody but the edge, which replaces these headers: whoever else reaches a node lies to itself. */
const BEHIND_PROXY = `route-if-not = empty:\${HTTP_X_FORWARDED_FOR} setremoteaddr:\${HTTP_X_FORWARDED_FOR}
route-if = equal:\${HTTP_X_FORWARDED_PROTO};https setscheme:https
`;

const OPTIONS = { uwsgi: "socket", fastcgi: "fastcgi-socket", http: "http-socket" } as const;

function socket({ protocol }: Listener, index: number): string {
  return `${OPTIONS[protocol]} = ${inherited(index)}\n`;
}
