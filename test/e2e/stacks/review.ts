import { targetOf } from "../../../modules/environment/target.ts";
import { synthesize } from "../../../stacks/synthesize.ts";
import { ReviewedStack } from "../../support/reviewed-stack.ts";

synthesize((app) => {
  // As text: an object in the context would be for a stack of that name.
  const variation = app.node.tryGetContext("variation") ?? "{}";
  new ReviewedStack(app, targetOf(app, "review"), JSON.parse(variation));
});
