import type { App } from "cdktf";
import { targetOf } from "../modules/environment/target.ts";
import { Dev } from "./dev.ts";
import { Prod } from "./prod.ts";
import { Staging } from "./staging.ts";
import { synthesize } from "./synthesize.ts";

synthesize((app: App) => {
  new Dev(app, targetOf(app, "dev"));
  new Prod(app, targetOf(app, "prod"));
  new Staging(app, targetOf(app, "staging"));
});
