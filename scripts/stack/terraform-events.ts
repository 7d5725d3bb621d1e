import { RELEASE_RESOURCE } from "../../modules/release/release-resource.ts";

/** What Terraform does with a resource. */
export type Action = "create" | "update" | "delete" | "replace";

/** A resource by its type and name. */
export interface Resource {
  /** Such as `docker_container.db`. */
  readonly address: string;
  readonly type: string;
  readonly name: string;
}

/** What Terraform complains about. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  /** Resource that it is about. */
  readonly address?: string;
}

/** What `terraform apply -json` tells, as far as people want to know it. */
export type Event =
  | { readonly kind: "planned"; readonly resource: Resource; readonly action: Action }
  /** Everything planned was told. */
  | { readonly kind: "plan" }
  | {
      readonly kind: "started" | "progress" | "done" | "failed";
      readonly resource: Resource;
      readonly action: Action;
      readonly seconds: number;
    }
  | { readonly kind: "diagnostic"; readonly diagnostic: Diagnostic };

const HOOKS = {
  apply_start: "started",
  apply_progress: "progress",
  apply_complete: "done",
  apply_errored: "failed",
} as const;

/** Reads one line of `terraform apply -json`; gives undefined for what nobody needs to see. */
export function parseEvent(line: string): Event | undefined {
  const event = parseLine(line);
  if (event === undefined) return undefined;
  switch (event.type) {
    case "planned_change": {
      const { resource, action } = event.change ?? {};
      return isAction(action) && resource
        ? { kind: "planned", resource: resourceOf(resource), action }
        : undefined;
    }
    case "change_summary":
      return event.changes?.operation === "plan" ? { kind: "plan" } : undefined;
    case "diagnostic":
      return event.diagnostic && { kind: "diagnostic", diagnostic: event.diagnostic };
    default: {
      const kind = HOOKS[event.type as keyof typeof HOOKS];
      const { resource, action, elapsed_seconds: seconds = 0 } = event.hook ?? {};
      // Data sources are hooked too, with the action "read".
      return kind && isAction(action) && resource
        ? { kind, resource: resourceOf(resource), action, seconds }
        : undefined;
    }
  }
}

/** A resource as people call it: `container db`, `image guestbook`. */
export function titleOf({ address, type, name }: Resource): string {
  if (address === RELEASE_RESOURCE) return "release";
  if (isKeptVolume(address)) return `volume ${name.replace(/-volume$/, "")}`;
  if (isServing(address)) return `file server ${name.replace(/-serves$/, "")}`;
  if (type === RECONFIGURATION) {
    return isReconfiguration(name) ? `configuration of ${reconfigured(name)}` : name.replaceAll("-", " ");
  }
  return `${type.replace(/^docker_/, "").replaceAll("_", " ")} ${name}`;
}

/** Hands changed files to a container that runs; see modules/engine/reconfiguration.ts. */
export const RECONFIGURATION = "terraform_data";

/** Whether it is that, and not what the hosts of a Swarm are prepared by; see modules/engine/swarm-images.ts. */
export function isReconfiguration(name: string): boolean {
  return name.endsWith("-files");
}

/** What such a resource is for is told by how its name ends. */
const ending = (end: string) => (address: string) =>
  address.startsWith(`${RECONFIGURATION}.`) && address.endsWith(end);

/** Whether it makes a volume that is kept; see modules/engine/kept-volumes.ts. */
export const isKeptVolume = ending("-volume");

/** Whether it makes and tries the folders of a workload; see modules/engine/ready-folders.ts. */
export const isReadyFolders = ending("-folders");

/** Whether it waits for a file server of the stack; see modules/engine/storage-server.ts. */
export const isServing = ending("-serves");

/** Whether it spreads the nodes of a workload over the hosts of a Swarm; see modules/engine/swarm-spread.ts. */
export const isSpread = ending("-spread");

/** The node that a reconfiguration is for. */
export function reconfigured(name: string): string {
  return name.replace(/-files$/, "");
}

/**
 * What is being done with a resource: `building`.
 * @param isThere for an image: the engine has it, and it is not built
 */
export function doing({ address, type }: Resource, action: Action, isThere = false): string {
  if (address === RELEASE_RESOURCE) return "writing it down";
  if (action === "delete") {
    if (type === "docker_container") return "stopping the former one";
    return type === "docker_image" || type === RECONFIGURATION ? "leaving the former one" : "removing";
  }
  if (type === "docker_image") return isThere ? "naming it" : "building";
  if (isSpread(address)) return "moving its nodes apart";
  if (isReadyFolders(address)) return "trying the storage";
  if (isServing(address)) return "waiting until it is healthy";
  if (type === RECONFIGURATION) return "handing it over";
  if (type === "docker_container") return action === "create" ? "waiting until it is healthy" : "starting";
  if (type === "docker_service") return "waiting until its task is healthy";
  return action === "create" ? "making" : "changing";
}

/** What was done with a resource: `built`. @param isThere as in {@link doing} */
export function did({ address, type }: Resource, actions: readonly Action[], isThere = false): string {
  const last = actions.includes("create") ? "create" : (actions.at(-1) ?? "update");
  const replaced = last === "create" && actions.includes("delete");
  if (last === "delete") return "removed";
  if (type === "docker_image") return isThere ? "is there" : "built";
  if (address === RELEASE_RESOURCE) return "written down";
  if (isSpread(address)) return "on different hosts, as far as there are any";
  if (isReadyFolders(address)) return "there, and locks hold";
  if (isServing(address)) return "healthy";
  if (type === RECONFIGURATION) return "in force";
  if (type === "docker_service") return last === "update" ? "updated, healthy" : "healthy";
  if (type === "docker_container") {
    if (last === "update") return "started";
    return replaced ? "replaced, healthy" : "healthy";
  }
  return last === "create" ? "made" : "changed";
}

interface Line {
  readonly type: string;
  readonly changes?: { readonly operation: string };
  readonly change?: { readonly resource: LineResource; readonly action: string };
  readonly hook?: {
    readonly resource: LineResource;
    readonly action: string;
    readonly elapsed_seconds?: number;
  };
  readonly diagnostic?: Diagnostic;
}

interface LineResource {
  readonly addr: string;
  readonly resource_type: string;
  readonly resource_name: string;
}

function parseLine(line: string): Line | undefined {
  try {
    return JSON.parse(line);
  } catch {
    // What a wrapper around Terraform prints is none of its events.
    return undefined;
  }
}

function resourceOf({ addr, resource_type: type, resource_name: name }: LineResource): Resource {
  return { address: addr, type, name };
}

function isAction(action: string | undefined): action is Action {
  return action === "create" || action === "update" || action === "delete" || action === "replace";
}
