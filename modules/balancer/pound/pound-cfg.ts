import { PAGES } from "../../edge/site.ts";
import type { Stickiness } from "../../edge/stickiness.ts";
import { BALANCER_PORTS, type BalancedNode, type Balancing } from "../balancer-engine.ts";

export interface PoundModel extends Balancing {
  readonly sticky: Stickiness<"nothing" | "address">;
}

/** Each connection of an edge has a worker, idle or not. */
const WORKERS_PER_MEBIBYTE = 4;

/** The text of `pound.cfg` for Pound 4.16 of Debian trixie. */
export function poundCfg({ app, nodes, timeout, memory, sticky }: PoundModel): string {
  return `# Written by Slipway.
Daemon 0
PIDFile "/run/balancer/pound.pid"
LogFacility -
# The edge logs every request; what Pound says of nodes and failures comes all the same.
LogLevel 0
# The edge has said who the visitor is.
HeaderOption none
Balancer iwrr
WorkerMaxCount ${memory.mebibytes * WORKERS_PER_MEBIBYTE}
# In seconds: between looks whether a dead node lives again, for a connection, for an answer, for a request, for a stop.
Alive 1
ConnTO 1
TimeOut ${timeout.seconds}
Client 30
Grace 25

# Of the image: it forgets an address only after Pound has found it dead.
Resolver
  ConfigText
nameserver 127.0.0.1
  End
End

ListenHTTP "health"
  Address 127.0.0.1
  Port ${BALANCER_PORTS.health}
  Service "health"
    Metrics
  End
End

ListenHTTP "edges"
  Address 0.0.0.0
  Port ${BALANCER_PORTS.http}
  # Every method that an edge passes on.
  xHTTP 3
  # Redirects of the application carry the name of the site already.
  RewriteLocation 0
  ErrorFile 503 "${PAGES}/unavailable.html"
  Service "${app}"
${session(sticky)}${nodes.map(backend).join("")}  End
End
`;
}

function session({ by, duration }: Stickiness): string {
  return by === "nothing"
    ? ""
    : `    # The address of the connection is the edge's; the visitor's is in the header, and nobody else can set it.
    Session
      Type HEADER
      ID "X-Forwarded-For"
      TTL ${duration?.seconds}
    End
`;
}

function backend({ host, port, weight }: BalancedNode): string {
  return `    Backend
      Address "${host}"
      Port ${port}
      Priority ${weight}
      # During a release the container before and the new one answer to the name.
      Resolve all
      Family inet
      OverrideTTL 1
      RetryInterval 1
    End
`;
}
