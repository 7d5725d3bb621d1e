/** The `dev` stack by itself, as `stacks/main.ts` writes it beside `prod`. */
import { targetOf } from "../../modules/environment/target.ts";
import { Dev } from "../../stacks/dev.ts";
import { synthesize } from "../../stacks/synthesize.ts";

synthesize((app) => {
  new Dev(app, targetOf(app, "dev"));
});
