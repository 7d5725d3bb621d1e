import { mkdirSync } from "node:fs";
import { App } from "cdktf";
import { checkContext, projectContext } from "../modules/environment/context.ts";
import { explain } from "../modules/environment/explain.ts";
import { placeOf } from "../modules/environment/place.ts";
import { InvalidValue } from "../modules/values/invalid-value.ts";

/**
 * Writes the stacks of an app. A mistake in a stack ends the process with its explanation alone; a defect of the
 * toolkit keeps its stack trace.
 */
export function synthesize(compose: (app: App) => void): void {
  // cdktf takes a stack trace for every token; mapping each of them to its source costs a tenth of a synth.
  process.setSourceMapsEnabled(false);
  try {
    const context = projectContext();
    // cdktf makes the folder itself, but not the ones above it.
    mkdirSync(process.env.CDKTF_OUTDIR ?? "cdktf.out", { recursive: true });
    const app = new App();
    // Over what the App read from the environment itself.
    for (const [key, value] of Object.entries(context)) app.node.setContext(key, value);
    compose(app);
    checkContext(app.node.children.map(({ node }) => node.id));
    app.synth();
  } catch (error) {
    process.setSourceMapsEnabled(true);
    const explanation = explain(error);
    if (explanation === undefined) throw error;
    const place =
      error instanceof InvalidValue ? placeOf(error, process.cwd(), import.meta.filename) : undefined;
    console.error(place === undefined ? explanation : `${explanation}\n  at ${place}`);
    process.exitCode = 1;
  }
}
