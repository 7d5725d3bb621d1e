import { sha256 } from "../../modules/engine/digest.ts";
import { type Container, containersOf } from "../stack/containers.ts";
import { docker } from "../stack/docker.ts";
import type { Stack } from "../stack/stack.ts";

const SECONDS = 60;
/** What applications have; the superuser's own is empty. */
const DATABASES =
  "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1";

/**
 * A digest of the schema of each database of a stack, as `pg_dump` tells it, by `<node>/<database>`. A database on a
 * server that is not of the stack is not looked at.
 * @returns null where a server does not tell it
 */
export async function schemasOf(stack: Stack): Promise<Readonly<Record<string, string>> | null> {
  try {
    const servers = (await containersOf(stack)).filter(
      ({ role, state }) => role === "database" && state === "running",
    );
    return Object.fromEntries((await Promise.all(servers.map(schemasIn))).flat());
  } catch {
    return null;
  }
}

async function schemasIn({ host, id, node }: Container): Promise<[string, string][]> {
  const inside = (words: readonly string[]) =>
    docker(["exec", id, words[0] ?? "", "--username=postgres", ...words.slice(1)], {
      host,
      seconds: SECONDS,
    });
  const names = await inside(["psql", "--dbname=postgres", "-XAtqc", DATABASES]);
  return Promise.all(
    names
      .split("\n")
      .filter((name) => name !== "")
      .map(
        async (name): Promise<[string, string]> => [
          `${node}/${name}`,
          schemaDigest(await inside(["pg_dump", "--schema-only", "--no-owner", "--no-privileges", name])),
        ],
      ),
  );
}

/** Of what stands in a dump of a schema, whichever minor version wrote it, with whatever key against injections. */
export function schemaDigest(dump: string): string {
  const lines = dump.split("\n").filter((line) => line !== "" && !/^(--|\\(un)?restrict )/.test(line));
  return sha256(lines.join("\n")).slice(0, 16);
}
