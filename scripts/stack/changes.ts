import type { DeclaredNode } from "./declaration.ts";
import { type Action, type Diagnostic, did, doing, type Event, type Resource } from "./terraform-events.ts";
import { list } from "./words.ts";

/** What becomes of one resource in a run of Terraform. */
export interface Change {
  readonly resource: Resource;
  /** What the plan said; undefined for what only a plan before it had left. */
  readonly planned?: Action;
  /** What is done, or was, in words. */
  readonly text: string;
  readonly state: "waiting" | "busy" | "done" | "failed";
}

/** Nodes that stop before their successor starts, because they may not run twice; ascending. */
export function pausingNodes(
  changes: readonly Change[],
  declared: readonly Pick<DeclaredNode, "node" | "order">[],
): readonly string[] {
  return changes
    .filter(({ resource, planned }) => resource.type === "docker_container" && planned === "replace")
    .map(({ resource }) => resource.name)
    .filter((node) => declared.find((one) => one.node === node)?.order === "stop-first")
    .sort();
}

/** What that means, in words. */
export function stopsFirst(nodes: readonly string[]): string {
  return nodes.length === 1
    ? `${nodes[0]} stops before its successor starts`
    : `${list(nodes)} stop before their successors start`;
}

/** The changes of one run of Terraform, as far as its events have told. */
export class Changes {
  readonly #rows = new Map<string, Row>();
  readonly #found: ReadonlySet<string>;
  readonly diagnostics: Diagnostic[] = [];
  /** Whether everything planned was told. */
  planned = false;

  /** @param found addresses of images that the engine has, and that are not built. @default all are built */
  constructor(found: ReadonlySet<string> = new Set()) {
    this.#found = found;
  }

  /** Takes an event in, and gives the change that it is about. */
  take(event: Event): Change | undefined {
    switch (event.kind) {
      case "plan":
        this.planned = true;
        return undefined;
      case "diagnostic":
        this.diagnostics.push(event.diagnostic);
        return undefined;
      case "planned": {
        const row = this.#row(event.resource);
        // A replacement is a creation and a removal; so is each instance that an earlier run left to be removed.
        row.expected += event.action === "replace" ? 2 : 1;
        row.plan(event.action);
        return row.change;
      }
      default: {
        const row = this.#row(event.resource);
        row.take(event);
        return row.change;
      }
    }
  }

  /** All of them, in the order of the plan. */
  all(): readonly Change[] {
    return [...this.#rows.values()].map(({ change }) => change);
  }

  #row(resource: Resource): Row {
    const known = this.#rows.get(resource.address);
    if (known !== undefined) return known;
    const row = new Row(resource, this.#found.has(resource.address));
    this.#rows.set(resource.address, row);
    return row;
  }
}

class Row {
  change: Change;
  expected = 0;
  readonly #finished: Action[] = [];
  readonly #isThere: boolean;

  constructor(resource: Resource, isThere: boolean) {
    this.#isThere = isThere;
    this.change = { resource, text: "", state: "waiting" };
  }

  plan(action: Action): void {
    this.change = { ...this.change, planned: action };
  }

  take({ kind, action }: Extract<Event, { seconds: number }>): void {
    const { resource, state } = this.change;
    if (state === "failed") return;
    if (kind === "failed") this.#become("failed", "failed");
    else if (kind !== "done") this.#become("busy", doing(resource, action, this.#isThere));
    else {
      this.#finished.push(action);
      if (this.#finished.length >= this.expected)
        this.#become("done", did(resource, this.#finished, this.#isThere));
    }
  }

  #become(state: Change["state"], text: string): void {
    this.change = { ...this.change, state, text };
  }
}
