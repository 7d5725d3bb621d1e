import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { BenchProject } from "./bench-project.ts";
import { median } from "./comparison.ts";
import type { Measure } from "./measure.ts";
import { time } from "./stopwatch.ts";

const SIZES = [10, 100, 1000] as const;
const SECONDS = 300;
/** Growth in proportion is 1; what is more than that by half would be felt. */
const AIM = 1.5;

interface Cost {
  readonly seconds: number;
  readonly processor: number;
  readonly mebibytes: number;
}

/** How the time and the memory of a synth grow with the number of nodes. */
export const scale: Measure = {
  name: "scale",
  description: "writing an application of 10, 100 and 1000 nodes: does it grow in proportion?",
  obstacle: async () => undefined,
  async run({ rounds, note, signal }) {
    const runs: Cost[][] = [];
    for (let round = 1; round <= rounds; round++) {
      const costs: Cost[] = [];
      for (const nodes of SIZES) {
        note(`round ${round} of ${rounds}: ${nodes} nodes`);
        costs.push(await cost(nodes, signal));
      }
      runs.push(costs);
    }
    const growth = (of: (cost: Cost) => number) =>
      runs.map((costs) => ({
        ours: perNode(costs.map(of), 1),
        theirs: perNode(costs.map(of), 0),
      }));
    const rows = SIZES.map((nodes, at) => {
      const middle = (of: (cost: Cost) => number) =>
        median(runs.map((costs) => of(costs[at] ?? { seconds: 0, processor: 0, mebibytes: 0 })));
      return [
        `${nodes}`,
        `${((middle(({ processor }) => processor) / nodes) * 1000).toFixed(1)} ms`,
        `${((middle(({ mebibytes }) => mebibytes) / nodes) * 1024).toFixed(0)} KiB`,
      ];
    });
    return {
      comparisons: [
        {
          what: "processor time of a further node, 100 to 1000",
          against: "the same, 10 to 100",
          rounds: growth(({ processor }) => processor),
          aim: AIM,
        },
      ],
      details: {
        title: "Synth by number of nodes: whole cost through number of nodes, on this machine, now",
        head: ["nodes", "processor time", "memory"],
        rows,
      },
    };
  },
};

/** What a node costs on the way from one size to the next one, so that the fixed cost falls out. */
function perNode(costs: readonly number[], at: number): number {
  const [from = 0, to = 0] = costs.slice(at);
  const [few = 0, many = 0] = SIZES.slice(at);
  return (to - from) / (many - few);
}

async function cost(nodes: number, signal: AbortSignal): Promise<Cost> {
  const outdir = join(BenchProject.outdir, "scale");
  await mkdir(outdir, { recursive: true });
  const { stdout } = await time(
    [process.execPath, "--import", "tsx", "scripts/bench/scale-app.ts", `${nodes}`],
    { seconds: SECONDS, signal, env: { CDKTF_OUTDIR: outdir } },
  );
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}
