import { setTimeout as sleep } from "node:timers/promises";
import { Label } from "../../modules/engine/labels.ts";
import { Problem } from "../setup/problem.ts";
import { docker } from "../stack/docker.ts";
import type { Endpoint } from "../verify/connection.ts";
import { SLOW, SlowConnection } from "../verify/slow-connection.ts";
import { Owner } from "./bench-project.ts";
import { alternate, type Comparison } from "./comparison.ts";
import type { Bench, Measure } from "./measure.ts";
import { obstacle } from "./stack-deployment.ts";
import { appOf, type CombinationName, HOSTNAME } from "./throughput/combinations.ts";
import { containerOf, deploy, STACK } from "./throughput/deployment.ts";
import { CONNECTIONS, endpointOf, load, rate } from "./throughput/load.ts";

/** One of each kind of edge. */
const EDGES = [
  "mod-proxy-uwsgi",
  "mod-wsgi",
  "fastcgi-unix",
  "proxy-uwsgi",
] as const satisfies readonly CombinationName[];
const PORT = 8443;
const COUNT = 500;
/** So many of them must hold on to the end of a load; the shortest patience of an edge is 10 s. */
const HELD = 0.95;
/** For all of them to get in. */
const PAUSE = 2000;
/** 0.95 of the good requests, as time for each. */
const AIM = 1 / 0.95;
const LARGE = { path: "/static/large.bin", file: "/srv/static/static/large.bin", bytes: 32 * 2 ** 20 };

/** What honest visitors notice of slow ones. */
export const slow: Measure = {
  name: "slow",
  description: `requests while ${COUNT} slow connections are held on to, against without them`,
  obstacle,
  async run(bench) {
    await deploy(bench);
    const comparisons: Comparison[] = [];
    for (const name of EDGES) comparisons.push(await compare(bench, name));
    return {
      comparisons,
      details: {
        title: `Requests each second over TLS, ${CONNECTIONS} connections that stay open, on this machine, now`,
        head: ["combination", `with ${COUNT} slow ones`, "without"],
        rows: comparisons.map(({ what, rounds }) => [
          what,
          ...rate(rounds.map(({ ours }) => ours)),
          ...rate(rounds.map(({ theirs }) => theirs)),
        ]),
      },
    };
  },
};

async function compare({ rounds, note, signal }: Bench, name: CombinationName): Promise<Comparison> {
  const container = containerOf(name);
  const server = { container, port: PORT };
  const { address } = await endpointOf(container);
  const site = { hostname: HOSTNAME, address, ports: { https: PORT } };
  await makeLarge(name);
  await load(server, 1);
  return {
    what: `${name}, ${COUNT} slow connections`,
    against: "none",
    rounds: await alternate(
      rounds,
      () => besides(name, site, () => load(server)),
      () => load(server),
      (round) => {
        signal.throwIfAborted();
        note(`${name}, round ${round} of ${rounds}`);
      },
    ),
    aim: AIM,
  };
}

/** Does something while slow connections of all kinds are there. */
async function besides<T>(name: string, site: Endpoint, work: () => Promise<T>): Promise<T> {
  const paths = { page: "/", large: LARGE.path };
  const all = Array.from({ length: COUNT / SLOW.length }, () =>
    SLOW.map((kind) => new SlowConnection(kind, site, paths)),
  ).flat();
  try {
    await sleep(PAUSE);
    const result = await work();
    const held = all.filter((one) => one.held).length;
    if (held >= HELD * COUNT) return result;
    throw new Problem({
      what: `Slow connections to ${name} did not last as long as the load.`,
      value: `${held} of ${COUNT}`,
      allowed: `${HELD * COUNT} or more`,
      fix: "run it again on a machine with less to do",
    });
  } finally {
    for (const one of all) one.leave();
    // The edge has to notice.
    await sleep(PAUSE);
  }
}

/** Among the static files of the application; the container is removed with the project. */
async function makeLarge(name: CombinationName): Promise<void> {
  const filters = [Owner.ours, `${Label.stack}=${STACK}`, `${Label.workload}=${appOf(name)}`];
  const ids = await docker(["ps", "--quiet", ...filters.flatMap((label) => ["--filter", `label=${label}`])]);
  // An application inside of its edge has no container of its own.
  const node = ids.trim().split(/\s+/)[0] || containerOf(name);
  const script = 'mkdir -p "$(dirname "$1")" && head -c "$2" /dev/zero > "$1"';
  await docker(["exec", node, "sh", "-c", script, "sh", LARGE.file, String(LARGE.bytes)]);
}
