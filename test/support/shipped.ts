import type { App } from "cdktf";
import { projectContext } from "../../modules/environment/context.ts";
import { targetOf } from "../../modules/environment/target.ts";
import { Dev } from "../../stacks/dev.ts";
import { Prod } from "../../stacks/prod.ts";
import { Staging } from "../../stacks/staging.ts";
import { type Synthesis, synthesize } from "./synthesis.ts";

/** The stacks that the project ships, with the context of its own cdktf.json. */
export function synthesizeShipped(context: Record<string, unknown> = {}): Synthesis {
  return synthesize(
    (app: App) => {
      new Dev(app, targetOf(app, "dev"));
      new Prod(app, targetOf(app, "prod"));
      new Staging(app, targetOf(app, "staging"));
    },
    { ...projectContext(), ...context },
  );
}
