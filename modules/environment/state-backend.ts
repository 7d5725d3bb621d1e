import { TerraformBackend, type TerraformRemoteState } from "cdktf";
import type { Construct } from "constructs";
import type { Backend, StateOf } from "../state/backend.ts";

/** A backend as cdktf writes it; its own classes lack what Terraform has since learnt, and ask for credentials. */
export class StateBackend extends TerraformBackend {
  readonly #backend: Backend;
  readonly #state: StateOf;

  constructor(scope: Construct, backend: Backend, state: StateOf) {
    super(scope, "backend", backend.kind);
    this.#backend = backend;
    this.#state = state;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...this.#backend.attributes(this.#state) };
  }

  /** @throws Error always: a stack takes nothing from another's state */
  override getRemoteStateDataSource(): TerraformRemoteState {
    throw new Error("A stack of Slipway takes nothing from the state of another.");
  }
}
