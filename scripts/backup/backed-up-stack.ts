import type { DescribedBackup } from "../../modules/rules/description.ts";
import { Problem } from "../setup/problem.ts";
import { type Container, containersOf } from "../stack/containers.ts";
import { descriptionOf } from "../stack/description.ts";
import { noSuchStack, type Stack } from "../stack/stack.ts";

/** A database server, and the container that backs it up. */
export interface BackedUpDatabase {
  readonly name: string;
  readonly server: Container;
  readonly keeper: Container;
}

/** A stack that has a backup, with the containers that take part in it. */
export interface BackedUpStack {
  readonly stack: Stack;
  readonly declared: DescribedBackup;
  readonly databases: readonly BackedUpDatabase[];
  /** Backs shared folders and secrets up. */
  readonly files: Container;
  readonly containers: readonly Container[];
}

/**
 * What there is to back up of a stack, and by whom it is done.
 * @throws Problem when it has no backup, was never deployed, or lacks a container
 */
export async function backedUp(stack: Stack): Promise<BackedUpStack> {
  const description = descriptionOf(stack);
  if (description === undefined) throw noSuchStack(stack.name);
  const { backups = [] } = description;
  const [declared] = backups;
  if (declared === undefined) {
    throw new Problem({
      what: `The stack ${stack.name} has no backup.`,
      fix: `write new Backup(this, "backup", { of: […], to: Repository.directory("/srv/backup") }) in the stack, then npm start -- ${stack.name}`,
    });
  }
  const containers = await containersOf(stack);
  const named = (workload: string): Container => {
    const found = containers.find((container) => container.workload === workload);
    if (found !== undefined) return found;
    throw new Problem({
      what: `There is no container of ${workload}.`,
      fix: `npm start -- ${stack.name} makes it`,
    });
  };
  return {
    stack,
    declared,
    databases: declared.databases.map(({ name, workload }) => ({
      name,
      server: named(name),
      keeper: named(workload),
    })),
    files: named(declared.files),
    containers,
  };
}

/** @throws Problem for the first of these that does not run */
export function requireRunning(stack: Stack, containers: readonly Container[]): void {
  const idle = containers.find(({ state }) => state !== "running");
  if (idle === undefined) return;
  throw new Problem({ what: `${idle.node} does not run.`, fix: `npm start -- ${stack.name} starts it` });
}
