import { BEHIND_EDGE } from "./behind-edge.ts";
import { inherited, linesOf, listenersFile, served } from "./listeners.ts";
import type { ServerKind, ServerModel } from "./server.ts";

const FILE = "/etc/slipway/gunicorn_conf.py";

/** gunicorn of PyPI. */
export function gunicorn(maximumRequests: number | undefined): ServerKind {
  return {
    name: "gunicorn",
    packages: [],
    requirements: ["gunicorn==27.0.1"],
    command: served("/srv/venv/bin/gunicorn", "--config", FILE),
    stopSignal: "SIGTERM",
    maximumRequests,
    files: (model) => [
      { path: FILE, content: gunicornConf(model, maximumRequests) },
      listenersFile(linesOf(model.listeners)),
    ],
  };
}

/** The text of `gunicorn_conf.py`. */
export function gunicornConf(
  { concurrency, listeners }: Pick<ServerModel, "concurrency" | "listeners">,
  maximumRequests?: number,
): string {
  const { processes, threads } = concurrency;
  return `# Written by Slipway.
wsgi_app = "${BEHIND_EDGE.module}:application"
chdir = "/srv/app"
# Opened by slipway_node.serve; the last one is for the health check.
bind = [${[...listeners, "health"].map((_, index) => `"${inherited(index)}"`).join(", ")}]

workers = ${processes}
${
  threads === 1
    ? `# A process takes a request only when it has none; with threads it would queue them while others idle.
worker_class = "sync"
# A request that takes longer is ended, in seconds, with its process, which serves nothing else.
timeout = 120`
    : `worker_class = "gthread"
threads = ${threads}
# A connection that rests is closed without a word when the node stops, and the next request on it is lost.
keepalive = 0
# For a process that does not even answer its master, in seconds.
timeout = 120`
}
# The heartbeat of the processes is a file: on a disk it could stop them.
worker_tmp_dir = "/dev/shm"
graceful_timeout = 20
${maximumRequests === undefined ? "" : `max_requests = ${maximumRequests}\n# Not all at once.\nmax_requests_jitter = ${Math.ceil(maximumRequests / 10)}\n`}# It would lie below $HOME.
control_socket_disable = True

# What an edge lets through, and the headers that it adds. The line is as long as this server can read: unlimited would
# be more than the edge allows.
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 16380
# Who may set the path of a request by a header: nobody.
forwarded_allow_ips = ""
forwarder_headers = ""

accesslog = None
errorlog = "-"
loglevel = "warning"
`;
}
