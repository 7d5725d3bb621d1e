import { targetOf } from "../../../modules/environment/target.ts";
import { synthesize } from "../../../stacks/synthesize.ts";
import { ReviewedStack } from "../../support/reviewed-stack.ts";

synthesize((app) => {
  new ReviewedStack(app, targetOf(app, "review"), app.node.tryGetContext("variation"));
});
