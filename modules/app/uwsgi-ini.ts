import type { Size } from "../values/size.ts";
import type { Concurrency } from "./concurrency.ts";

/** What the server's configuration depends on. */
export interface UwsgiModel {
  readonly callable: string;
  readonly concurrency: Concurrency;
  /** The node's memory limit. */
  readonly memory: Size;
}

/** Port of the uwsgi protocol, for the edge. */
export const UWSGI_PORT = 8000;
/** Port of HTTP on the loopback interface of the container, for the health check. */
export const HEALTH_PORT = 8001;

/** The text of `uwsgi.ini`. */
export function uwsgiIni({ callable, concurrency, memory }: UwsgiModel): string {
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

socket = 0.0.0.0:${UWSGI_PORT}
http-socket = 127.0.0.1:${HEALTH_PORT}
; Apache guesses this from addresses that it has rewritten. The whole path is the application's.
route-run = setscriptname:
; The largest request header that is accepted, in bytes.
buffer-size = 65535
listen = 128
socket-timeout = 30
${concurrency.threads === 1 ? "; A request that takes longer is ended, in seconds, with its process, which serves nothing else.\nharakiri = 120\n" : ""}; SIGTERM finishes the requests at hand before the node goes.
hook-master-start = unix_signal:15 gracefully_kill_them_all
worker-reload-mercy = 20

disable-logging = true
log-5xx = true
logformat = %(addr) "%(method) %(uri) %(proto)" %(status) %(rsize) %(msecs)ms
`;
}
