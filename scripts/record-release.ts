/** Terraform calls it at the end of a deployment; see modules/release/release-resource.ts. */
import { join } from "node:path";
import type { Deployed } from "../modules/release/release.ts";
import { record } from "./release/record.ts";
import { schemasOf } from "./release/schemas.ts";
import { stackOf } from "./stack/stack.ts";

const [working = "", releases = ""] = process.argv.slice(2);
const deployed: Deployed = JSON.parse(process.env.RELEASE ?? "");
// The folder was synthesized for this project, whatever the context of this process says.
const stack = { ...stackOf(deployed.stack), project: deployed.project };
const { number } = await record(working, join(working, releases), deployed, await schemasOf(stack));
console.log(`Release ${number} of ${deployed.stack} is recorded.`);
