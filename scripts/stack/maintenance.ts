import type { Container } from "./containers.ts";
import { type DockerOptions, docker } from "./docker.ts";

/** While this file is in its container, an edge answers every request with the maintenance page. */
export const MAINTENANCE_FILE = "/run/slipway/maintenance";

type Edge = Pick<Container, "id" | "host">;

/** The Docker client. */
interface Client {
  docker(words: readonly string[], options?: DockerOptions): Promise<string>;
}

/** Whether an edge is in maintenance. */
export async function maintenanceOf({ id, host }: Edge, client: Client = { docker }): Promise<boolean> {
  const script = `test -e ${MAINTENANCE_FILE} && echo on || echo off`;
  return (await client.docker(["exec", id, "sh", "-c", script], { host })).trim() === "on";
}

/**
 * Begins or ends the maintenance of an edge, as the edge's own user. It ends with the container: the next one starts
 * without it.
 * @throws Problem when the edge has no place for the file
 */
export async function setMaintenance(
  { id, host }: Edge,
  on: boolean,
  client: Client = { docker },
): Promise<void> {
  await client.docker(["exec", id, ...(on ? ["touch"] : ["rm", "-f"]), MAINTENANCE_FILE], { host });
}
