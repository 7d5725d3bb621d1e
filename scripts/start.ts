import { run, verb } from "./command.ts";
import { type Machine, thisMachine } from "./setup/machine.ts";
import { findTerraform } from "./setup/terraform.ts";
import { setUp } from "./setup.ts";
import { deploy } from "./stack/deploy.ts";
import { checkDisk } from "./stack/disk.ts";
import { engineAnswers } from "./stack/docker.ts";
import { checkPorts } from "./stack/ports.ts";
import { step } from "./stack/progress.ts";
import { running } from "./stack/running.ts";
import { type Stack, stackOf } from "./stack/stack.ts";
import { isOfSwarm } from "./stack/swarm.ts";
import { synthesize } from "./stack/synthesis.ts";

/** Sets the machine up, deploys a stack, waits until it is healthy, and tells where it is. */
async function start(name: string, { wait }: { wait: boolean }): Promise<void> {
  const stack = stackOf(name);
  for (const host of stack.hosts) if (host.ssh !== undefined) await engineAnswers(host);
  for (const machine of await buildersOf(stack)) await setUp({ machine });
  const layOut = async (signal: AbortSignal) => {
    const declared = await step("Synthesis", () => synthesize(stack, signal));
    await step("Ports and disk", async () => {
      await Promise.all([checkPorts(stack, declared), checkDisk(stack, declared)]);
    });
  };
  const containers = await deploy(stack, await findTerraform(thisMachine), layOut, {
    again: "npm start",
    wait,
  });
  process.stdout.write(`\n${running(stack, containers)}`);
}

/** Images of a Swarm are built here and handed on. One host builds its own, and this machine needs no engine then. */
async function buildersOf({ hosts }: Stack): Promise<readonly Machine[]> {
  const [first] = hosts;
  const isSwarm = hosts.length > 1 && first !== undefined && (await isOfSwarm(first));
  return isSwarm ? [thisMachine] : hosts.map(({ client }) => client);
}

await run(
  verb("start", "Deploy a stack, wait until it is healthy, and tell its addresses.")
    .option("--no-wait", "give up at once when another run is changing the stack, and say who it is")
    .addHelpText(
      "after",
      "\nWhat the machine lacks is installed first, as npm run setup does. What runs already stays as it is.",
    )
    .action(start),
);
