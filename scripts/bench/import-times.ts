/** Loads what a synth needs, one part after the other, and prints the processor time of each in seconds, as JSON. */
import { App } from "cdktf";

const parts: Record<string, number> = {};
let last = 0;

/** Counts what was used since the last call; the first one also has the start of Node and of the loader. */
function lap(part: string): void {
  const { user, system } = process.cpuUsage();
  const now = (user + system) / 1e6;
  parts[part] = now - last;
  last = now;
}

lap("Node, tsx and cdktf");
for (const name of ["container", "image", "network", "provider", "volume"]) {
  await import(`@cdktf/provider-docker/lib/${name}/index.js`);
}
lap("bindings of the provider");
await import("../../modules/environment/zod.ts");
lap("zod");
const { Dev } = await import("../../stacks/dev.ts");
const { targetOf } = await import("../../modules/environment/target.ts");
await import("../../stacks/synthesize.ts");
lap("modules and stack");
const app = new App();
new Dev(app, targetOf(app, "dev"));
app.synth();
lap("composing and writing");
console.log(JSON.stringify(parts));
