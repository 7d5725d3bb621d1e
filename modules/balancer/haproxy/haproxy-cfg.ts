import { PAGES } from "../../edge/site.ts";
import type { Stickiness } from "../../edge/stickiness.ts";
import { BALANCER_PORTS, type BalancedNode, type Balancing } from "../balancer-engine.ts";

/** HAProxy's name of it. */
export type Algorithm = "leastconn" | "roundrobin";

export interface HaProxyModel extends Balancing {
  readonly algorithm: Algorithm;
  readonly sticky: Stickiness;
}

/** Largest head of a request or an answer, less what HAProxy may add to it. */
const BUFFER_KIB = 32;
/** A request in flight has a buffer in each direction, and one to repeat it from. */
const CONNECTION_KIB = 3 * BUFFER_KIB;
/** An address and its node in the table. */
const ENTRY_BYTES = 256;
/** Of the table, on the loopback interface. */
const PEERS_PORT = 8083;

/** The text of `haproxy.cfg` for HAProxy 3.0 of Debian trixie. */
export function haproxyCfg(model: HaProxyModel): string {
  const { app, nodes, algorithm, healthPath, timeout, memory, sticky } = model;
  const byAddress = sticky.by === "address";
  // The other half is for the process itself, and for the workers that a reload leaves until they are done.
  const connections = Math.floor((memory.mebibytes * 1024) / 2 / CONNECTION_KIB);
  return `# Written by Slipway.
global
  log stdout format raw local0 info
  maxconn ${connections}
  # More would cost memory, and an edge does not ask for more.
  thread-hard-limit 4
  tune.bufsize ${BUFFER_KIB * 1024}
  # After a reload the workers before finish their requests, and end then.
  hard-stop-after ${timeout.seconds + 5}s
  server-state-file /run/balancer/servers.state
${byAddress ? "  localpeer balancer\n" : ""}
defaults
  mode http
  log global
  # The edge logs every request; here stand those that failed or were repeated, and with which node.
  option httplog
  option dontlog-normal
  timeout connect 1s
  timeout client ${Math.max(timeout.seconds, 60)}s
  timeout server ${timeout.seconds}s
  timeout http-request 30s
  timeout check 4s
  # An edge keeps its connections; one that is closed while it sends would cost a request.
  timeout http-keep-alive 300s
  option idle-close-on-response
  # Nor does a request ever meet a connection that its node is about to close.
  option http-server-close
  # Other nodes are asked at once: by every request that could not be sent, and by reads that got no answer.
  retries 3
  option redispatch 1
  retry-on conn-failure empty-response
  load-server-state-from-file global
${[502, 503, 504].map(unavailable).join("")}
resolvers engine
  nameserver engine 127.0.0.11:53
  timeout resolve 1s
  timeout retry 500ms
  resolve_retries 2
  hold valid 1s
  hold obsolete 0s
  hold nx 0s
  hold timeout 1s
  hold refused 1s
  hold other 1s
${byAddress ? `\n# Hands the table over to the workers of a reload.\npeers workers\n  bind 127.0.0.1:${PEERS_PORT}\n  server balancer\n` : ""}
frontend health
  bind 127.0.0.1:${BALANCER_PORTS.health}
  http-request return status 200 content-type text/plain string ok

frontend edges
  bind :${BALANCER_PORTS.http}
  capture request header X-Forwarded-For len 45
  default_backend ${app}

backend ${app}
  balance ${algorithm}
${stickiness(model)}  http-request disable-l7-retry unless METH_GET
  option httpchk
  http-check send meth GET uri '${healthPath}' ver HTTP/1.1 hdr Host ${app}
  http-check expect status 200
  # One failed probe takes a node out, or one connection that it refuses, as all nodes of a release that go do at once;
  # one good probe brings it back.
  default-server check inter 1s fall 1 rise 1 observe layer4 error-limit 1 on-error mark-down resolvers engine resolve-prefer ipv4 init-addr last,none
  # Two places a node: during a release the container before and the new one answer to its name.
${nodes.map((node, at) => server(node, at, sticky)).join("")}`;
}

/** The page that the edge has for it: an edge passes on what it is answered. */
function unavailable(status: number): string {
  return `  http-error status ${status} content-type "text/html; charset=utf-8" file ${PAGES}/unavailable.html hdr Retry-After 5 hdr Cache-Control no-store\n`;
}

function stickiness({ app, sticky, memory }: HaProxyModel): string {
  switch (sticky.by) {
    case "nothing":
      return "";
    case "cookie":
      return `  cookie slipway_${app.replaceAll("-", "_")} insert indirect nocache secure httponly attr SameSite=Lax\n`;
    case "address":
      return `  # The edge says who the visitor is, and nobody else reaches this balancer.
  stick-table type ipv6 size ${Math.floor(memory.bytes / 4 / ENTRY_BYTES)} expire ${sticky.duration?.seconds}s peers workers
  stick on req.hdr_ip(X-Forwarded-For,-1)
`;
  }
}

function server({ host, port, weight }: BalancedNode, at: number, sticky: Stickiness): string {
  const cookie = sticky.by === "cookie" ? ` cookie ${at + 1}` : "";
  return `  server-template ${host}. 2 ${host}:${port} weight ${weight}${cookie}\n`;
}
