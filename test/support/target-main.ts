/** An app that reads its target from the cdktf.json of the current folder: run as a process of its own by the tests. */
import { targetOf } from "../../modules/environment/target.ts";
import { synthesize } from "../../stacks/synthesize.ts";

synthesize((app) => {
  targetOf(app, "dev");
});
