import { BEHIND_EDGE } from "./behind-edge.ts";
import { listenersFile, served } from "./listeners.ts";
import { HEALTH_PORT, SERVER_PORTS, type ServerKind, type ServerModel } from "./server.ts";
import { ENTRY, wsgiDaemon } from "./wsgi-daemon.ts";

const FILE = "/etc/slipway/httpd.conf";
/** Where this server, which opens its sockets itself, is asked to empty them. */
const DRAIN = "/.slipway/drain";
/** Is there as soon as the node was told to stop: slipway_node/serve.py. */
const STOPPING = "/run/slipway/stopping";

/** Apache with mod_wsgi of Debian, whose Python is the image's. */
export function modWsgi(maximumRequests: number | undefined): ServerKind {
  return {
    name: "mod_wsgi",
    packages: ["apache2", "libapache2-mod-wsgi-py3", "lua-posix"],
    requirements: [],
    command: served(...APACHE, "-D", "FOREGROUND", "-f", FILE),
    // Apache's graceful stop: requests at hand are answered.
    stopSignal: "SIGWINCH",
    maximumRequests,
    files: (model) => [
      { path: FILE, content: nodeConf(model, maximumRequests) },
      listenersFile([`http://127.0.0.1:${HEALTH_PORT}${DRAIN}`]),
    ],
  };
}

/** mod_wsgi writes the name of a daemon over the server's own, and no further than that reaches. */
const APACHE = ["env", `--argv0=${"apache2".padEnd(64)}`, "apache2"] as const;

/** The text of `httpd.conf` for a node. */
export function nodeConf(
  { name, concurrency }: Pick<ServerModel, "name" | "concurrency">,
  maximumRequests?: number,
): string {
  return `# Written by Slipway.
ServerRoot /etc/apache2
DefaultRuntimeDir /run/slipway
PidFile /run/slipway/apache2.pid
${["mpm_event", "authz_core", "lua", "setenvif", "wsgi"].map((module) => `LoadModule ${module}_module /usr/lib/apache2/modules/mod_${module}.so\n`).join("")}
ServerName localhost
Listen 0.0.0.0:${SERVER_PORTS.http}
Listen 127.0.0.1:${HEALTH_PORT}
ServerTokens Prod
ServerSignature Off
TraceEnable Off

# One process hands the requests on: those that are served, and as many that wait for a turn.
StartServers 1
ServerLimit 1
ThreadsPerChild 64
MaxRequestWorkers 64
MinSpareThreads 1
MaxSpareThreads 64
Timeout 60
# Longer than edges keep a connection that rests: whoever closes first must be the one that asks. At a stop each answer says
# that it is the last, or the next request could meet a connection that is closed without a word.
KeepAliveTimeout 75
MaxKeepAliveRequests 0
SetEnvIfExpr "-f '${STOPPING}'" nokeepalive
GracefulShutdownTimeout 20

# What an edge lets through, the prefix and the headers that it adds, and a path as the application wants it.
LimitRequestLine 16380
LimitRequestFields 100
LimitRequestFieldSize 16380
LimitRequestBody 0
AllowEncodedSlashes On

ErrorLog /proc/self/fd/2
LogLevel warn

<Directory />
  AllowOverride None
  Options None
  Require all denied
</Directory>

${wsgiDaemon({ name, concurrency, maximumRequests, timeout: 60 })}
WSGIScriptAlias / ${ENTRY}
# What only the node itself reaches: its health, and at a stop a look after connections that wait.
<VirtualHost 127.0.0.1:${HEALTH_PORT}>
  <Location ${DRAIN}>
    LuaHookFixups ${BEHIND_EDGE.folder}/drain.lua drain
  </Location>
</VirtualHost>
# Loaded before the first request asks for it.
WSGIImportScript ${ENTRY} process-group=${name} application-group=%{GLOBAL}
`;
}
