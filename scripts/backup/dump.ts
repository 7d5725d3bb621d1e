import { once } from "node:events";
import { Problem } from "../setup/problem.ts";
import { type Container, containersOf } from "../stack/containers.ts";
import { docker, spawnDocker } from "../stack/docker.ts";
import type { Stack } from "../stack/stack.ts";
import { list } from "../stack/words.ts";

/** Writes the database of an application to standard output, in the format of pg_restore. */
export async function dumpApplication(stack: Stack, application: string): Promise<void> {
  if (process.stdout.isTTY) {
    throw new Problem({
      what: "A dump is no text for a terminal.",
      fix: `send it to a file: npm run --silent backup -- ${stack.name} --dump ${application} > ${application}.dump`,
    });
  }
  const server = await serverOf(stack, application);
  const code = await through(
    server,
    ["pg_dump", "--username=postgres", "--format=custom", application],
    "out",
  );
  if (code !== 0) throw failed("pg_dump", code);
}

/**
 * Brings the database of an application to what a dump says, which comes from standard input: all of it, or nothing.
 * @throws Problem when it is not said to overwrite
 */
export async function restoreApplication(
  stack: Stack,
  application: string,
  overwrite: boolean,
): Promise<void> {
  const server = await serverOf(stack, application);
  if (process.stdin.isTTY) {
    throw new Problem({
      what: "There is no dump on standard input.",
      fix: `npm run restore -- ${stack.name} --application ${application} --overwrite < ${application}.dump`,
    });
  }
  if (!overwrite) {
    throw new Problem({
      what: `This replaces every table of the database ${application} that the dump has. Nothing was changed.`,
      fix: "say --overwrite when you mean it; npm run backup before it makes a way back",
    });
  }
  const options = [
    "--clean",
    "--if-exists",
    "--single-transaction",
    "--exit-on-error",
    `--dbname=${application}`,
  ];
  const code = await through(server, ["pg_restore", "--username=postgres", ...options], "in");
  if (code !== 0) throw failed("pg_restore", code);
  process.stdout.write(`The database ${application} is what the dump says.\n`);
}

/** The server that has a database of an application. */
async function serverOf(stack: Stack, application: string): Promise<Container> {
  const servers = (await containersOf(stack)).filter(
    ({ role, state }) => role === "database" && state === "running",
  );
  const known: string[] = [];
  for (const server of servers) {
    const sql = "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'";
    const words = ["exec", server.id, "psql", "-XAtqU", "postgres", "-c", sql];
    const names = await docker(words, { host: server.host });
    known.push(...names.split("\n").filter(Boolean));
    if (names.split("\n").includes(application)) return server;
  }
  throw new Problem({
    what: `No running database server of the stack ${stack.name} has a database of that application.`,
    value: JSON.stringify(application),
    allowed: known.length > 0 ? list(known) : "nothing, as none runs",
    fix: known.length > 0 ? "name one of these" : `npm start -- ${stack.name}`,
  });
}

async function through(server: Container, words: readonly string[], way: "in" | "out"): Promise<number> {
  const child = spawnDocker(
    ["exec", ...(way === "in" ? ["-i"] : []), server.id, ...words],
    [way === "in" ? "inherit" : "ignore", way === "out" ? "inherit" : "ignore", "inherit"],
    server.host,
  );
  const [code] = await once(child, "close");
  return code ?? 1;
}

function failed(program: string, code: number): Problem {
  return new Problem({
    what: `${program} ended with exit code ${code}; what it said stands above.`,
    ...(program === "pg_restore" && { value: "the database is as it was" }),
    fix: "mend that, then try again",
  });
}
