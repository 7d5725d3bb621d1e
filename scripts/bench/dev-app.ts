/** The `dev` stack by itself, as `stacks/main.ts` writes it beside the others, of which the context says something too. */
import { App } from "cdktf";
import { targetOf } from "../../modules/environment/target.ts";
import { Dev } from "../../stacks/dev.ts";

const app = new App();
new Dev(app, targetOf(app, "dev"));
app.synth();
