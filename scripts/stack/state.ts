import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { RELEASE_RESOURCE } from "../../modules/release/release-resource.ts";
import { pullState } from "./remote-state.ts";
import type { Stack } from "./stack.ts";

/** What Terraform's state knows of the engine. */
export interface State {
  /** Ids of containers and networks, those of a release that gives way included. */
  readonly ids: ReadonlySet<string>;
  /** Containers whose creation did not come to its end: not healthy in time, or interrupted. */
  readonly unfinished: readonly { readonly address: string; readonly id: string }[];
  /** Whether the deployment of what it holds came to its end. */
  readonly released: boolean;
  /** How many resources there are. */
  readonly resources: number;
}

/** Reads the state of a stack; one that was never deployed has none. */
export async function stateOf(stack: Stack): Promise<State> {
  if (!(await isLocal(stack))) return parseState(await pullState(stack));
  const text = await readFile(stack.stateFile, "utf8").catch(() => "");
  return parseState(isEncrypted(text) ? await pullState(stack) : text);
}

/** Whether the state is a file of this machine, as the stack that was synthesized last says. */
export async function isLocal({ folder }: Pick<Stack, "folder">): Promise<boolean> {
  const text = await readFile(join(folder, "cdk.tf.json"), "utf8").catch(() => undefined);
  if (text === undefined) return true;
  const { terraform }: { terraform: { backend: object } } = JSON.parse(text);
  return "local" in terraform.backend;
}

/** What OpenTofu writes instead of resources. */
function isEncrypted(text: string): boolean {
  return /"encrypted_data":/.test(text);
}

/** Reads a state file of version 4; Terraform leaves an empty one when it is ended before it did anything. */
export function parseState(text: string): State {
  if (text.trim() === "") return { ids: new Set(), unfinished: [], released: false, resources: 0 };
  const { resources = [] }: { resources?: StateResource[] } = JSON.parse(text);
  const managed = resources.filter(({ mode }) => mode === "managed");
  const ids = managed.flatMap(({ instances }) => instances.flatMap(({ attributes }) => attributes?.id ?? []));
  const unfinished = managed
    .filter(({ type }) => type === "docker_container")
    .flatMap(({ type, name, instances }) =>
      instances
        .filter(({ status, deposed }) => status === "tainted" && deposed === undefined)
        .flatMap(({ attributes }) =>
          attributes?.id ? [{ address: `${type}.${name}`, id: attributes.id }] : [],
        ),
    );
  const released = managed.some(
    ({ type, name, instances }) =>
      `${type}.${name}` === RELEASE_RESOURCE && instances.some(({ status }) => status !== "tainted"),
  );
  return { ids: new Set(ids), unfinished, released, resources: managed.length };
}

interface StateResource {
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly instances: readonly {
    readonly status?: string;
    readonly deposed?: string;
    readonly attributes?: { readonly id?: string };
  }[];
}
