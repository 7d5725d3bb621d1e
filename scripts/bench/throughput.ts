import { join } from "node:path";
import { Label } from "../../modules/engine/labels.ts";
import { PROJECT } from "../setup/project.ts";
import { docker } from "../stack/docker.ts";
import { BenchProject, Owner } from "./bench-project.ts";
import { alternate, type Comparison } from "./comparison.ts";
import type { Bench, Measure } from "./measure.ts";
import { obstacle } from "./stack-deployment.ts";
import { appOf, COMBINATIONS, type CombinationName } from "./throughput/combinations.ts";
import { containerOf, deploy, IMAGE, STACK } from "./throughput/deployment.ts";
import { CONNECTIONS, load, rate } from "./throughput/load.ts";

/** Nothing may be slower than the daemon as its distribution configures it. */
const AIM = 1;
/** 0.9 of the requests of HAProxy and gunicorn, as time for each. */
const AIM_AGAINST_HAPROXY = 1 / 0.9;
const HAPROXY: readonly CombinationName[] = ["mod-wsgi", "fastcgi-unix"];

/** What answers in which time, against what a distribution gives and against HAProxy with gunicorn. */
export const throughput: Measure = {
  name: STACK,
  description:
    "requests through each edge and server, against the same daemon as its distribution configures it",
  obstacle,
  async run(bench) {
    await deploy(bench);
    const comparisons: Comparison[] = [];
    for (const { name, baseline } of COMBINATIONS) {
      comparisons.push(await compare(bench, name, baseline, name, AIM));
    }
    for (const name of HAPROXY) {
      comparisons.push(await compare(bench, name, "haproxy-http", "mod-proxy-gunicorn", AIM_AGAINST_HAPROXY));
    }
    return {
      comparisons,
      details: {
        title: `Requests each second over TLS, ${CONNECTIONS} connections that stay open, on this machine, now`,
        head: ["combination", "ours", "against", "theirs"],
        rows: comparisons.map(({ what, against, rounds }) => [
          what,
          ...rate(rounds.map(({ ours }) => ours)),
          against,
          ...rate(rounds.map(({ theirs }) => theirs)),
        ]),
      },
    };
  },
};

/** @param node combination whose node the baseline leads to */
async function compare(
  bench: Bench,
  name: CombinationName,
  baseline: string,
  node: CombinationName,
  aim: number,
): Promise<Comparison> {
  const ours = { container: containerOf(name), port: 8443 };
  const theirs = { container: await start(baseline, node), port: 443 };
  try {
    await load(ours, 1);
    await load(theirs, 1);
    const rounds = await alternate(
      bench.rounds,
      () => load(ours),
      () => load(theirs),
      (round) => {
        bench.signal.throwIfAborted();
        bench.note(`${name} and ${baseline}, round ${round} of ${bench.rounds}`);
      },
    );
    return { what: name, against: baseline, rounds, aim };
  } finally {
    await docker(["rm", "--force", theirs.container]);
  }
}

/** Starts a daemon beside a node; it is removed with the bench's project, whatever happens. */
async function start(baseline: string, node: CombinationName): Promise<string> {
  const app = appOf(node);
  // The application has no network of its own there, and the daemon brings it along.
  const embedded = node === "mod-wsgi";
  const sockets = `${BenchProject.name}-${STACK}-${app}-sockets:/sockets:ro`;
  const id = await docker([
    ...["run", "--detach", "--label", Owner.ours, "--label", `${Label.stack}=${STACK}`],
    ...["--network", `${BenchProject.name}-${STACK}-${embedded ? node : app}`],
    ...(baseline.endsWith("unix") ? ["--volume", sockets] : []),
    ...["--volume", `${join(PROJECT, "examples/hello")}:/srv/hello:ro`],
    ...[IMAGE, baseline, app],
  ]);
  return id.trim();
}
