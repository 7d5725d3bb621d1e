import { rm } from "node:fs/promises";
import { join } from "node:path";
import { RELEASE_RESOURCE } from "../../modules/release/release-resource.ts";
import type { Terraform } from "../setup/terraform.ts";
import { type Change, Changes, pausingNodes } from "../stack/changes.ts";
import { declarationIn } from "../stack/declaration.ts";
import { failureOf } from "../stack/failure.ts";
import type { Stack } from "../stack/stack.ts";
import { init, plan } from "../stack/terraform.ts";
import { isReadyFolders, isServing, isSpread, RECONFIGURATION, titleOf } from "../stack/terraform-events.ts";

const NEVER = new AbortController().signal;

/**
 * What Terraform would change, one line for each that a visitor or an operator may notice.
 * @param folder with the text of the stack
 * @throws Problem when there is no plan
 */
export async function planned(
  terraform: Terraform,
  stack: Stack,
  folder: string,
): Promise<readonly string[]> {
  // Anew each time: since the last one, the provider may be another, and the state elsewhere.
  await rm(join(folder, ".terraform"), { recursive: true, force: true });
  await init(terraform, folder, NEVER);
  const changes = new Changes();
  const run = plan(terraform, folder, (event) => changes.take(event));
  if ((await run.ended) !== 0) throw await failureOf(stack, changes.diagnostics, run.noise);
  const pausing = pausingNodes(changes.all(), declarationIn(folder) ?? []);
  return changes
    .all()
    .filter(({ resource }) => resource.address !== RELEASE_RESOURCE)
    .map((change) => `${titleOf(change.resource)}: ${effectOf(change, pausing)}`);
}

function effectOf(
  { resource: { address, type, name }, planned: action }: Change,
  pausing: readonly string[],
): string {
  if (type === "docker_image")
    return action === "delete" ? "stays on the engine, unused" : "is there, not built";
  if (isSpread(address)) return "moved apart where they crowd on one host";
  if (isReadyFolders(address)) return "tried before a node is replaced";
  if (isServing(address)) return "waited for";
  if (type === RECONFIGURATION) return "handed to the container that runs";
  if (action !== "replace") return `${action}`;
  return pausing.includes(name)
    ? "replaced; it stops before its successor starts"
    : "replaced; its successor is healthy before it stops";
}
