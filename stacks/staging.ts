import type { Construct } from "constructs";
import type { Target } from "../modules/environment/target.ts";
import { Prod } from "./prod.ts";

/** Where a release is seen before production has it: the same stack, with names, ports, hosts and data of its own. */
export class Staging extends Prod {
  constructor(scope: Construct, target: Target) {
    super(scope, target, "staging");
  }
}
