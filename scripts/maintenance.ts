import { Argument } from "commander";
import { run, verb } from "./command.ts";
import { Problem } from "./setup/problem.ts";
import type { Container } from "./stack/containers.ts";
import { maintenanceOf, setMaintenance } from "./stack/maintenance.ts";
import { stackOf } from "./stack/stack.ts";
import { containersNamed } from "./stack/workloads.ts";

const ACTIONS = ["on", "off", "status"] as const;
type Action = (typeof ACTIONS)[number];

async function maintain(name: string, action: Action, options: { edge?: string }): Promise<void> {
  const edges = await edgesOf(name, options.edge);
  for (const edge of edges) {
    if (action !== "status") await setMaintenance(edge, action === "on");
    process.stdout.write(`${edge.node}: ${describe(await maintenanceOf(edge))}\n`);
  }
  if (action === "on")
    process.stdout.write(
      `\nIt lasts until npm run maintenance -- ${name} off, or until a container of an edge is replaced: the new one starts without it.\n`,
    );
}

/** The edges that run, or the one that is named. */
async function edgesOf(name: string, edge: string | undefined): Promise<readonly Container[]> {
  const edges = (await containersNamed(stackOf(name), edge)).filter(({ role }) => role === "edge");
  const running = edges.filter(({ state }) => state === "running");
  if (running.length > 0) return running;
  throw new Problem({
    what:
      edges.length > 0
        ? `No edge of the stack ${name} runs, so visitors get no answer at all.`
        : `${edge ?? `The stack ${name}`} ${edge === undefined ? "has no edge" : "is no edge"}, and only edges know maintenance.`,
    fix: edges.length > 0 ? `npm start -- ${name} starts it` : `name an edge, or none for all: --edge edge`,
  });
}

function describe(on: boolean): string {
  return on ? "in maintenance, visitors get 503 and a page that says so" : "open to visitors";
}

await run(
  verb("maintenance", "Shut visitors out of a stack with a page that says so, and let them in again.")
    .addArgument(new Argument("[action]", "what to do").choices(ACTIONS).default("status"))
    .option("--edge <name>", "this edge alone (default: all)")
    .addHelpText(
      "after",
      "\nRequests at hand are finished. Health checks go on, so nothing is restarted; what the nodes do, such as jobs, goes on too." +
        "\nA deploy that replaces the edge's container ends it.",
    )
    .action(maintain),
);
