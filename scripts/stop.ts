import { setTimeout as sleep } from "node:timers/promises";
import { run, verb } from "./command.ts";
import { type Container, containersOf, START_TURN } from "./stack/containers.ts";
import { docker } from "./stack/docker.ts";
import { lockOf, lockProblem } from "./stack/lock.ts";
import { type Note, steps } from "./stack/progress.ts";
import { type Stack, stackOf } from "./stack/stack.ts";
import type { StackHost } from "./stack/stack-host.ts";
import { requireKnown } from "./stack/status.ts";
import { managerOf, type SwarmService, servicesOf } from "./stack/swarm.ts";
import { list } from "./stack/words.ts";

/** How long a task of a Swarm is waited for, in seconds: longer than the stop of a database takes. */
const LONGEST_STOP = 180;
/** What the engine needs on top of a container's own grace. */
const SECONDS_OF_ENGINE = 30;

async function stop(name: string): Promise<void> {
  const stack = stackOf(name);
  const containers = await containersOf(stack);
  requireKnown(stack, containers);
  const lock = await lockOf(stack);
  if (lock !== undefined) throw lockProblem(stack, lock);
  const manager = managerOf(stack);
  const running = containers.filter(({ state }) => state !== "exited" && state !== "created");
  if (running.length === 0) {
    console.log(`Nothing of the stack ${stack.name} runs.`);
    return;
  }
  const services = manager === undefined ? [] : await servicesOf(manager, stack);
  // Visitors first, then who works for them, last what these work with.
  for (const turn of Object.values(START_TURN).sort((a, b) => b - a)) {
    await steps(
      manager === undefined
        ? running.filter(({ role }) => START_TURN[role] === turn).map(stopping)
        : services
            .filter(({ role }) => START_TURN[role] === turn)
            .map((service) => emptying(stack, manager, service)),
    );
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

/** A Swarm starts anew what is only stopped; so it is told to run none. */
function emptying(stack: Stack, manager: StackHost, { id, node }: SwarmService) {
  return {
    title: node,
    async run(note: Note) {
      await docker(["service", "scale", "--detach", `${id}=0`], { host: manager });
      const end = Date.now() + LONGEST_STOP * 1000;
      while ((await containersOf(stack)).some(({ service }) => service === id)) {
        if (Date.now() > end) return `still stopping after ${LONGEST_STOP} s`;
        note("waiting until its task has ended");
        await sleep(1000);
      }
      return "stopped";
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
