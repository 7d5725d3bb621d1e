/**
 * Real synthesis by cdktf, with everything that is written kept out of the project:
 *
 *     const { terraform } = synthesize((app) => new Dev(app, targetOf(app, "dev")));
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdktf";
import { temporaryFolder } from "./temporary-folder.ts";
import type { Terraform } from "./terraform.ts";

// What a surrounding `cdktf` command sets would get into the tests' own apps.
delete process.env.CDKTF_CONTEXT_JSON;
delete process.env.CDKTF_OUTDIR;

export interface Synthesis {
  /** The output folder. */
  readonly outdir: string;
  /** Where secrets and states are, in place of `.slipway`. */
  readonly directory: string;
  /** What a stack became. */
  terraform(stack: string): Terraform;
}

/**
 * Composes an app and writes it.
 * @param context over `directory`, which is a temporary folder.
 * @throws whatever `App.synth()` throws.
 */
export function synthesize(compose: (app: App) => void, context: Record<string, unknown> = {}): Synthesis {
  const base = temporaryFolder();
  const [outdir, directory] = [join(base, "out"), join(base, "slipway")];
  const app = new App({ outdir, context: { directory, ...context } });
  compose(app);
  app.synth();
  return {
    outdir,
    directory,
    terraform: (stack) => JSON.parse(readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8")),
  };
}
