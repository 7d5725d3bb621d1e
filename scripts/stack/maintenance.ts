import type { RunOptions } from "../setup/machine.ts";
import { docker } from "./docker.ts";

/** While this file is in its container, an edge answers every request with the maintenance page. */
export const MAINTENANCE_FILE = "/run/slipway/maintenance";

/** The Docker client. */
interface Client {
  docker(words: readonly string[], options?: RunOptions): Promise<string>;
}

/** Whether an edge is in maintenance. */
export async function maintenanceOf(edge: string, client: Client = { docker }): Promise<boolean> {
  const script = `test -e ${MAINTENANCE_FILE} && echo on || echo off`;
  return (await client.docker(["exec", edge, "sh", "-c", script])).trim() === "on";
}

/**
 * Begins or ends the maintenance of an edge, as the edge's own user. It ends with the container: the next one starts
 * without it.
 * @throws Problem when the edge has no place for the file
 */
export async function setMaintenance(edge: string, on: boolean, client: Client = { docker }): Promise<void> {
  await client.docker(["exec", edge, ...(on ? ["touch"] : ["rm", "-f"]), MAINTENANCE_FILE]);
}
