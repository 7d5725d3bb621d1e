import type { HostFile } from "./host-file.ts";
import type { Relocation } from "./relocation.ts";
import type { Service } from "./service.ts";

const SOCKETS = "/run/postgresql";

/**
 * A server of PostgreSQL that init looks after: in a container its entrypoint does, by means that are not for a host that
 * may have other servers.
 */
export function clusterFiles(relocation: Relocation): readonly HostFile[] {
  const executable = (path: string, content: string) => ({
    path: relocation.of(path),
    content: relocation.of(content),
    mode: 0o755,
  });
  return [
    executable(
      "/usr/local/bin/entrypoint",
      `#!/bin/sh
# Makes the cluster where there is none, then becomes the server.
set -eu
for file in "$(dirname "$PGDATA")"/*/PG_VERSION; do
  if [ -r "$file" ] && [ "$(dirname "$file")" != "$PGDATA" ]; then
    echo "the data is of PostgreSQL $(cat "$file"), and this server is $(basename "$PGDATA"); nothing was changed" >&2
    exit 1
  fi
done
[ -s "$PGDATA/PG_VERSION" ] || create-cluster
exec postgres -D "$PGDATA" -c config_file=/etc/slipway/postgresql.conf -c hba_file=/etc/slipway/pg_hba.conf
`,
    ),
    executable(
      "/usr/local/bin/set-roles",
      `#!/bin/sh
# Brings roles and databases of the server that runs to what the stack says.
set -eu
port=$(sed -n 's/^port = //p' /etc/slipway/postgresql.conf)
until pg_isready --quiet --host=/run/postgresql --port="$port"; do
  # It may be made, or recover from a crash, for as long as it runs.
  kill -0 "$MAINPID" 2>/dev/null || { echo "the server does not run" >&2; exit 1; }
  sleep 0.1
done
exec psql --no-psqlrc --quiet --tuples-only --no-align --host=/run/postgresql --port="$port" --username=postgres --dbname=postgres --file=/etc/slipway/roles.sql
`,
    ),
    executable(
      "/usr/local/bin/health",
      `#!/bin/sh
# Healthy: the configuration is the one that was delivered, and the server answers a query.
set -eu
sha256sum --check --quiet /etc/slipway/files.sha256
port=$(sed -n 's/^port = //p' /etc/slipway/postgresql.conf)
PGCONNECT_TIMEOUT=3 psql --no-psqlrc --quiet --tuples-only --no-align --host=/run/postgresql --port="$port" --username=postgres --dbname=postgres --command='SELECT' >/dev/null
`,
    ),
  ];
}

/** What of the image is used on a host beside those. */
export const CLUSTER_PROGRAMS: ReadonlySet<string> = new Set(["create-cluster", "check"]);

export function clusterService(service: Service, relocation: Relocation): Service {
  return {
    ...service,
    writes: [...service.writes, SOCKETS],
    sockets: SOCKETS,
    after: [relocation.of("/usr/local/bin/set-roles")],
  };
}

/**
 * Who may connect over the network: in a container whoever shares a network with it, on a host each machine by its address.
 * @param clients addresses of machines, its own among them where there are clients on it
 */
export function hbaFor(text: string, clients: readonly string[]): string {
  return text
    .split("\n")
    .flatMap((line) =>
      line.includes("samenet") ? clients.map((client) => line.replace("samenet", `${client}/32`)) : [line],
    )
    .join("\n");
}
