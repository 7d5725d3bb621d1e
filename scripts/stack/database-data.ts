import { DATA } from "../../modules/postgres/server-image.ts";
import { Problem } from "../setup/problem.ts";
import type { Container } from "./containers.ts";
import { docker } from "./docker.ts";

/** The volume of a database's container, and the versions of PostgreSQL that there is data of. */
export interface DatabaseData {
  readonly volume: string;
  /** The newest is what applications see; older ones were left by an upgrade. Ascending. */
  readonly versions: readonly number[];
}

/**
 * Looks into the volume of a database, whether its server runs or not.
 * @throws Problem when the engine refuses
 */
export async function dataOf({ host, id, image, name }: Container): Promise<DatabaseData> {
  const template = `{{range .Mounts}}{{if eq .Destination "${DATA}"}}{{.Name}}{{end}}{{end}}`;
  const volume = (await docker(["container", "inspect", "--format", template, id], { host })).trim();
  if (volume === "") {
    throw new Problem({
      what: `The container ${name} has no volume at ${DATA}.`,
      fix: "npm start replaces a container that is not what the stack says",
    });
  }
  const mounted = ["run", "--rm", "--network", "none", "--volume", `${volume}:${DATA}:ro`];
  const look = `cat ${DATA}/??/PG_VERSION 2>/dev/null || true`;
  const text = await docker([...mounted, "--entrypoint", "sh", image, "-c", look], { host, seconds: 60 });
  const versions = text.split("\n").flatMap((line) => (/^\d+$/.test(line) ? [Number(line)] : []));
  return { volume, versions: versions.sort((a, b) => a - b) };
}
