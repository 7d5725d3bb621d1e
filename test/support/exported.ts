import type { App } from "cdktf";
import { projectContext } from "../../modules/environment/context.ts";
import type { ExportedStack } from "../../modules/hosts/export/exported-stack.ts";
import { exportedStack } from "../../scripts/export/exported-stack.ts";
import { stackOf } from "../../scripts/stack/stack.ts";
import { synthesize } from "./synthesis.ts";

/** A stack as an export sees it, by real synthesis. */
export function exported(name: string, compose: (app: App) => void): Promise<ExportedStack> {
  const context = projectContext();
  const { outdir, directory } = synthesize(compose, context);
  return exportedStack(
    stackOf(name, {
      CDKTF_OUTDIR: outdir,
      CDKTF_CONTEXT_JSON: JSON.stringify({ ...context, directory }),
    }),
  );
}
