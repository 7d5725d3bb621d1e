import pc from "picocolors";
import { run, verb } from "./command.ts";
import { thisMachine } from "./setup/machine.ts";
import { Problem } from "./setup/problem.ts";
import { findTerraform } from "./setup/terraform.ts";
import { setUp } from "./setup.ts";
import { addressesOf, addressLines } from "./stack/addresses.ts";
import { type Container, containersOf } from "./stack/containers.ts";
import { Deployment } from "./stack/deployment.ts";
import { checkDisk } from "./stack/disk.ts";
import { docker } from "./stack/docker.ts";
import { complaint } from "./stack/health.ts";
import { removeLeftovers } from "./stack/leftovers.ts";
import { checkPorts } from "./stack/ports.ts";
import { type Note, step } from "./stack/progress.ts";
import { type Stack, stackOf } from "./stack/stack.ts";
import { stateOf } from "./stack/state.ts";
import { synthesize } from "./stack/synthesis.ts";
import { table } from "./stack/table.ts";
import { waitUntilHealthy } from "./stack/wait.ts";
import { bytes, span } from "./stack/words.ts";

/** Signals of one Ctrl-C come to npm, to tsx and to us, and may be handed on: so near, they are one. */
const ONE_KEYSTROKE = 700;

/** Sets the machine up, deploys a stack, waits until it is healthy, and tells where it is. */
async function start(name: string): Promise<void> {
  const stack = stackOf(name);
  await setUp();
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const terraform = await findTerraform(thisMachine);
  const deployment = new Deployment(stack, terraform, signal);
  const release = onInterrupt((count) => {
    const working = deployment.interrupt();
    interrupt.abort(new Problem({ what: "Interrupted.", fix: "npm start goes on from here" }));
    if (!working) return;
    const more =
      count > 1 ? "gives up at once" : "ends what it is doing; press Ctrl-C again to give up at once";
    process.stderr.write(`\n${pc.yellow("Interrupted")}: Terraform ${more}.\n`);
  });
  try {
    const declared = await step("Synthesis", () => synthesize(stack, signal));
    await step("Ports and disk", async () => {
      await Promise.all([checkPorts(stack, declared), checkDisk(stack, declared)]);
    });
    await step(
      "Leftovers",
      (note) => removeLeftovers(stack, terraform, note),
      (removed) => (removed.length > 0 ? `removed ${removed.join(", ")}` : "none"),
    );
    signal.throwIfAborted();
    await resume(stack);
    await deployment.apply();
    const containers = await step("Health", (note) => waitUntilHealthy(stack, note, signal));
    process.stdout.write(`\n${describe(stack, containers)}`);
  } finally {
    release();
  }
}

/**
 * Starts the containers that `npm run stop` stopped. Terraform would do it too, but only after it has looked at
 * everything else, and would replace the edge, whose ports are gone while it does not run.
 */
async function resume(stack: Stack): Promise<void> {
  const [containers, state] = await Promise.all([containersOf(stack), stateOf(stack)]);
  const stopped = containers.filter(({ id, state: now }) => now === "exited" && state.ids.has(id));
  if (stopped.length === 0) return;
  await step(
    "Stopped containers",
    async (note: Note) => {
      for (const { host, id, node } of stopped) {
        note(`starting ${node}`);
        // One that can't be started is Terraform's to replace.
        await docker(["start", id], { host }).catch(() => undefined);
      }
    },
    () => `started ${stopped.length}`,
  );
}

function describe(stack: Stack, containers: readonly Container[]): string {
  const rows = containers.map((container) => [
    container.node,
    complaint(container) === undefined ? pc.green("healthy") : pc.red(container.health),
    bytes(container.memoryLimit),
    span(Date.now() - container.since.getTime()),
  ]);
  return `${table(["node", "health", "memory limit", "up for"], rows)}\n\n${addressLines(addressesOf(stack, containers))}\n`;
}

function onInterrupt(act: (count: number) => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  let last = 0;
  let count = 0;
  const handle = () => {
    const now = Date.now();
    if (now - last > ONE_KEYSTROKE) act(++count);
    last = now;
  };
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}

await run(
  verb("start", "Deploy a stack, wait until it is healthy, and tell its addresses.")
    .addHelpText(
      "after",
      "\nWhat the machine lacks is installed first, as npm run setup does. What runs already stays as it is.",
    )
    .action(start),
);
