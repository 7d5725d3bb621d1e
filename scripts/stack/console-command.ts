import type { Role } from "../../modules/engine/workload.ts";

/** What is run in a container of a role to look around in it, or to run one statement of the user. */
export function consoleCommand(role: Role, command?: string): readonly string[] {
  switch (role) {
    case "database":
    case "replica":
      return [
        ...["psql", "--username=postgres", "--dbname=postgres"],
        ...(command === undefined ? [] : ["--no-psqlrc", "--set=ON_ERROR_STOP=1", `--command=${command}`]),
      ];
    case "pooler":
      // psql on the statistics of PgBouncer.
      return ["console", ...(command === undefined ? [] : [`--command=${command}`])];
    case "app":
    case "job":
      return ["/srv/venv/bin/python", ...(command === undefined ? [] : ["-c", command])];
    case "edge":
    case "acme":
    case "publisher":
    case "balancer":
    case "cache":
    case "backup":
    case "storage":
      return ["sh", ...(command === undefined ? [] : ["-c", command])];
  }
}
