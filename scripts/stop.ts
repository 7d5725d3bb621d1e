import { run, verb } from "./command.ts";
import { type Container, containersOf, START_TURN } from "./stack/containers.ts";
import { docker } from "./stack/docker.ts";
import { lockOf, lockProblem } from "./stack/lock.ts";
import { steps } from "./stack/progress.ts";
import { type Stack, stackOf } from "./stack/stack.ts";
import { requireKnown } from "./stack/status.ts";
import { list } from "./stack/words.ts";

/** What the engine needs on top of a container's own grace. */
const SECONDS_OF_ENGINE = 30;

async function stop(name: string): Promise<void> {
  const stack = stackOf(name);
  const containers = await containersOf(stack);
  requireKnown(stack, containers);
  const lock = await lockOf(stack);
  if (lock !== undefined) throw lockProblem(stack, lock);
  const running = containers.filter(({ state }) => state !== "exited" && state !== "created");
  if (running.length === 0) {
    console.log(`Nothing of the stack ${stack.name} runs.`);
    return;
  }
  // Visitors first, then who works for them, last what these work with.
  for (const turn of Object.values(START_TURN).sort((a, b) => b - a)) {
    await steps(running.filter(({ role }) => START_TURN[role] === turn).map(stopping));
  }
  console.log(farewell(stack, running));
}

function stopping({ host, id, name, node, stopGrace }: Container) {
  return {
    title: node,
    async run() {
      const seconds = stopGrace + SECONDS_OF_ENGINE;
      await docker(["stop", "--time", `${stopGrace}`, id], { host, seconds });
      const inspect = ["container", "inspect", "--format", "{{.State.ExitCode}}", id];
      const code = (await docker(inspect, { host })).trim();
      // 128 + SIGKILL: it did not end within its grace.
      return code === "137" ? `killed, as ${name} did not end within ${stopGrace} s` : "stopped";
    },
  };
}

function farewell(stack: Stack, stopped: readonly Container[]): string {
  return `\nStopped ${list(stopped.map(({ node }) => node))}. All data stays; npm start -- ${stack.name} goes on with it.`;
}

await run(
  verb("stop", "Stop the containers of a stack, the edge first; containers, networks and data stay.")
    .addHelpText(
      "after",
      "\nnpm start goes on where it stopped. npx cdktf destroy <stack> removes the stack.",
    )
    .action(stop),
);
