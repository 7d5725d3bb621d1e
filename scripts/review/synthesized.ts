import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Declared } from "../../modules/engine/transition.ts";
import type { WrittenDescription } from "../../modules/environment/description-file.ts";
import { DESCRIPTION_FILE } from "../../modules/environment/description-file.ts";
import { Problem } from "../setup/problem.ts";
import { type DeclaredNode, parseDeclaration } from "../stack/declaration.ts";

/** A stack as it was written, with all that a review looks at. */
export interface Synthesized {
  readonly description: WrittenDescription;
  readonly nodes: readonly DeclaredNode[];
}

/** A stack that is not there yet. */
export const NOTHING: Synthesized = {
  description: {
    purpose: "production",
    edges: [],
    apps: [],
    backups: [],
    externalDatabases: [],
    sharedFolders: [],
    fileServers: [],
    databases: [],
    workloads: [],
    waivers: [],
    outages: [],
  },
  nodes: [],
};

/**
 * Reads the folder that a stack was written to, or the record of a release.
 * @param of what it is, for messages: `release 12`
 * @throws Problem when it was written by a Slipway that did not describe its workloads yet
 */
export function readSynthesized(folder: string, of: string): Synthesized | undefined {
  const [terraform, description] = ["cdk.tf.json", DESCRIPTION_FILE].map((file) => join(folder, file));
  if (terraform === undefined || !existsSync(terraform)) return undefined;
  const parsed: Partial<WrittenDescription> =
    description !== undefined && existsSync(description) ? JSON.parse(readFileSync(description, "utf8")) : {};
  if (parsed.workloads === undefined) {
    throw new Problem({
      what: `The stack of ${of} does not say what its workloads are.`,
      value: `no "workloads" in its ${DESCRIPTION_FILE}`,
      allowed: "a stack that was written by a version with npm run review",
      fix: "name a newer revision with --against",
    });
  }
  return {
    description: { waivers: [], outages: [], ...parsed } as WrittenDescription,
    nodes: parseDeclaration(readFileSync(terraform, "utf8")),
  };
}

/** The workloads of a stack by their names. */
export function workloadsOf(stack: Synthesized): ReadonlyMap<string, Declared> {
  return new Map(
    stack.description.workloads.map((workload) => {
      const nodes = stack.nodes.filter((node) => node.workload === workload.name);
      const releases = Object.fromEntries(nodes.map(({ node, release }) => [node, release]));
      return [workload.name, { workload, image: nodes[0]?.image ?? "", releases }];
    }),
  );
}
