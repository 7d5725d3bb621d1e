import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Label } from "../../modules/engine/labels.ts";
import { Problem } from "../setup/problem.ts";
import { PROJECT } from "../setup/project.ts";
import { docker, engineAnswers } from "../stack/docker.ts";
import { BenchProject, Owner } from "./bench-project.ts";
import { alternate, type Comparison } from "./comparison.ts";
import type { Bench, Measure } from "./measure.ts";
import { time } from "./stopwatch.ts";
import { appOf, COMBINATIONS, type CombinationName, HOSTNAME } from "./throughput/combinations.ts";

const STACK = "throughput";
const IMAGE = `${BenchProject.name}/baseline:latest`;
const SECONDS = 900;
/** Of each load: long enough for the daemons to be warm, short enough for many of them. */
const LOAD = 4;
const CONNECTIONS = 32;
/** Nothing may be slower than the daemon as its distribution configures it. */
const AIM = 1;
/** 0.9 of the requests of HAProxy and gunicorn, as time for each. */
const AIM_AGAINST_HAPROXY = 1 / 0.9;
const HAPROXY: readonly CombinationName[] = ["mod-wsgi", "fastcgi-unix"];

/** Where a load goes. */
interface Server {
  readonly container: string;
  readonly port: number;
}

/** What answers in which time, against what a distribution gives and against HAProxy with gunicorn. */
export const throughput: Measure = {
  name: STACK,
  description:
    "requests through each edge and server, against the same daemon as its distribution configures it",
  obstacle: async () =>
    engineAnswers().then(
      () => undefined,
      () => "no engine answers",
    ),
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

async function deploy({ signal, note }: Bench): Promise<void> {
  const folder = join(BenchProject.outdir, "stacks", STACK);
  note("building the daemons that it is held against");
  await docker(["build", "--quiet", "--tag", IMAGE, join(import.meta.dirname, "throughput/baseline")], {
    seconds: SECONDS,
    signal,
    env: { DOCKER_BUILDKIT: "1" },
  });
  note("deploying every combination");
  const main = join("scripts/bench/throughput/stack.ts");
  await time([process.execPath, "--import", "tsx", main], { seconds: SECONDS, signal });
  for (const words of [["init"], ["apply", "-auto-approve"]]) {
    await time(["terraform", ...words, "-no-color"], { seconds: SECONDS, signal, cwd: folder });
  }
}

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
  const sockets = `${BenchProject.name}-${STACK}-${app}-sockets:/sockets:ro`;
  const id = await docker([
    ...["run", "--detach", "--label", Owner.ours, "--label", `${Label.stack}=${STACK}`],
    ...["--network", `${BenchProject.name}-${STACK}-${app}`],
    ...(baseline.endsWith("unix") ? ["--volume", sockets] : []),
    ...["--volume", `${join(PROJECT, "examples/hello")}:/srv/hello:ro`],
    ...[IMAGE, baseline, `${app}-1`],
  ]);
  return id.trim();
}

/** @returns seconds that a thousand requests take */
async function load({ container, port }: Server, seconds: number = LOAD): Promise<number> {
  const networks = JSON.parse(
    await docker(["inspect", "--format", "{{json .NetworkSettings.Networks}}", container]),
  ) as Record<string, { readonly IPAddress: string }>;
  const [network, endpoint] = Object.entries(networks)[0] ?? [];
  if (network === undefined) throw new Error(`${container} is on no network`);
  const url = `https://${HOSTNAME}:${port}/`;
  for (let attempt = 1; ; attempt += 1) {
    const said = await docker(
      [
        ...["run", "--rm", "--label", Owner.ours, "--network", network],
        ...["--add-host", `${HOSTNAME}:${endpoint?.IPAddress}`],
        ...[IMAGE, "wrk", "-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, url],
      ],
      { seconds: seconds + 60 },
    );
    const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(said)?.[1] ?? 0);
    if (rate > 0 && !/Non-2xx|Socket errors/.test(said)) return 1000 / rate;
    // A daemon that has just been started does not listen yet.
    if (attempt > 5) {
      throw new Problem({
        what: `Not every request to ${container} was answered.`,
        value: said.trim(),
        fix: "see what its log says: docker logs",
      });
    }
    await sleep(1000);
  }
}

function containerOf(name: CombinationName): string {
  return `${BenchProject.name}-${STACK}-${name}`;
}

/** Requests each second, from the lowest to the highest round. */
function rate(times: readonly number[]): string[] {
  const rates = times.map((seconds) => 1000 / seconds).sort((a, b) => a - b);
  return [`${rates[0]?.toFixed(0)} to ${rates.at(-1)?.toFixed(0)}`];
}
