import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Label } from "../../../modules/engine/labels.ts";
import { Size } from "../../../modules/values/size.ts";
import { Problem } from "../../setup/problem.ts";
import { docker } from "../../stack/docker.ts";
import { BenchProject, Owner } from "../bench-project.ts";

export const STACK = "pgbench";
export const MEMORY = Size.of("1 GiB");
/** Connections that pgbench opens at the same time. */
export const CLIENTS = 16;
/** Connections that the pooler has of the server. */
export const POOL = 8;
/** The role and its database. */
export const ROLE = "bench";
/** Some 15 MB each: together more than the stock configuration's buffers, and less than the memory. */
const SCALE = 30;

const OURS = `${BenchProject.name}-${STACK}-db`;
const STOCK = `${BenchProject.name}-${STACK}-stock`;

/** A PostgreSQL server that pgbench runs in, past the network. */
export interface Server {
  readonly container: string;
  /** Folder of its socket. */
  readonly socket: string;
}

export const tuned: Server = { container: OURS, socket: "/run/postgresql" };
export const stock: Server = { container: STOCK, socket: "/tmp" };

/** The same image with the same memory, and the configuration that `initdb` writes; removed with the bench's project. */
export async function startStock(): Promise<void> {
  await docker(["rm", "--force", "--volumes", STOCK]);
  const image = await docker(["inspect", "--format", "{{.Image}}", OURS]);
  const script = `set -e
initdb --pgdata="$PGDATA" --username=postgres --encoding=UTF8 --locale=C.UTF-8 --data-checksums --auth-local=trust
exec postgres -D "$PGDATA" -c listen_addresses= -c unix_socket_directories=${stock.socket}`;
  await docker([
    ...["run", "--detach", "--name", STOCK, "--label", Owner.ours, "--label", `${Label.stack}=${STACK}`],
    ...["--memory", `${MEMORY.mebibytes}m`, "--memory-swap", `${MEMORY.mebibytes}m`],
    ...["--shm-size", `${MEMORY.mebibytes / 4}m`, "--volume", "/var/lib/postgresql"],
    ...["--entrypoint", "sh", image.trim(), "-c", script],
  ]);
  await answers(stock);
  await docker([...psql(stock, "postgres"), `--command=CREATE ROLE ${ROLE} LOGIN`]);
  await docker([...psql(stock, "postgres"), `--command=CREATE DATABASE ${ROLE} OWNER ${ROLE}`]);
}

/** Fills the tables, anew. */
export async function fill({ container, socket }: Server): Promise<void> {
  await docker(
    [
      ...["exec", "--env", `PGOPTIONS=-c role=${ROLE}`, container, "pgbench", "--host", socket],
      ...["--username=postgres", "--initialize", "--quiet", `--scale=${SCALE}`, ROLE],
    ],
    { seconds: 600 },
  );
}

async function answers(server: Server): Promise<void> {
  for (let attempt = 1; attempt <= 60; attempt += 1) {
    const answered = await docker([...psql(server, "postgres"), "--command=SELECT"]).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(1000);
  }
  throw new Problem({
    what: `${server.container} does not answer.`,
    value: (await docker(["logs", "--tail", "5", server.container])).trim(),
    fix: "mend what it says",
  });
}

function psql({ container, socket }: Server, database: string): string[] {
  const flags = ["--no-psqlrc", "--quiet", "--host", socket, "--username=postgres", `--dbname=${database}`];
  return ["exec", container, "psql", ...flags];
}

/** A container beside the stack's database, that connects over TLS as an application does; what runs in it is appended. */
export async function beside(host: string): Promise<readonly string[]> {
  const image = await docker(["inspect", "--format", "{{.Image}}", OURS]);
  const secrets = join(BenchProject.directory, "secrets", STACK);
  const address = `host=${host} dbname=${ROLE} user=${ROLE} sslmode=verify-full sslrootcert=/run/ca`;
  return [
    ...["run", "--rm", "--label", Owner.ours, "--network", OURS],
    // The files belong to whoever deploys, and nobody else reads them.
    ...["--user", "0", "--volume", `${join(secrets, `db_${ROLE}_password`)}:/run/password:ro`],
    ...["--volume", `${join(secrets, "db_certificate")}:/run/ca:ro`, "--entrypoint", "sh", image.trim()],
    ...["-c", `PGPASSWORD=$(cat /run/password) exec pgbench "$@" "${address}"`, "pgbench"],
  ];
}
