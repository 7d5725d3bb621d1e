import { type Action, type Diagnostic, did, doing, type Event, type Resource } from "./terraform-events.ts";

/** What becomes of one resource in a run of Terraform. */
export interface Change {
  readonly resource: Resource;
  /** What is done, or was, in words. */
  readonly text: string;
  readonly state: "waiting" | "busy" | "done" | "failed";
}

/** The changes of one run of Terraform, as far as its events have told. */
export class Changes {
  readonly #rows = new Map<string, Row>();
  readonly diagnostics: Diagnostic[] = [];
  /** Whether everything planned was told. */
  planned = false;

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
    const row = new Row(resource);
    this.#rows.set(resource.address, row);
    return row;
  }
}

class Row {
  change: Change;
  expected = 0;
  readonly #finished: Action[] = [];

  constructor(resource: Resource) {
    this.change = { resource, text: "", state: "waiting" };
  }

  take({ kind, action }: Extract<Event, { seconds: number }>): void {
    const { resource, state } = this.change;
    if (state === "failed") return;
    if (kind === "failed") this.change = { resource, text: "failed", state: "failed" };
    else if (kind !== "done") this.change = { resource, text: doing(resource, action), state: "busy" };
    else {
      this.#finished.push(action);
      if (this.#finished.length >= this.expected) {
        this.change = { resource, text: did(resource, this.#finished), state: "done" };
      }
    }
  }
}
