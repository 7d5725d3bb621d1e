import { Problem } from "../setup/problem.ts";
import { docker } from "../stack/docker.ts";
import { alternate, type Comparison } from "./comparison.ts";
import type { Bench, Measure } from "./measure.ts";
import {
  beside,
  CLIENTS,
  fill,
  MEMORY,
  POOL,
  type Server,
  STACK,
  startStock,
  stock,
  tuned,
} from "./pgbench/servers.ts";
import { deployStack, obstacle } from "./stack-deployment.ts";

/** Seconds of each load. */
const LOAD = 15;
/** Processes of pgbench that the clients are spread over. */
const JOBS = 2;

/** What the tuning is worth, and what the pooler is where nobody keeps a connection. */
export const pgbench: Measure = {
  name: STACK,
  description: "transactions of a tuned server against a stock one, and with a pooler against without",
  obstacle,
  async run(bench) {
    const { note } = bench;
    note("deploying a database with a pooler");
    await deployStack(STACK, "scripts/bench/pgbench/stack.ts", bench);
    note("starting the same server with its stock configuration");
    await startStock();
    note("filling both");
    for (const server of [tuned, stock]) await fill(server);
    const comparisons = [
      await compare(bench, "TPC-B-like", "stock configuration", inside(tuned, []), inside(stock, [])),
      await compare(
        bench,
        "SELECT only",
        "stock configuration",
        inside(tuned, ["--select-only"]),
        inside(stock, ["--select-only"]),
      ),
      await compare(
        bench,
        "a connection for each transaction, pooler",
        "the same without pooler",
        await connecting("db-pooler"),
        await connecting("db"),
      ),
    ];
    return {
      comparisons,
      details: {
        title: `Transactions each second of ${CLIENTS} clients, ${MEMORY} of memory, a pool of ${POOL}, on this machine, now`,
        head: ["load", "ours", "against", "theirs"],
        rows: comparisons.map(({ what, against, rounds }) => [
          what,
          rates(rounds.map(({ ours }) => ours)),
          against,
          rates(rounds.map(({ theirs }) => theirs)),
        ]),
      },
    };
  },
};

async function compare(
  bench: Bench,
  what: string,
  against: string,
  ours: readonly string[],
  theirs: readonly string[],
): Promise<Comparison> {
  // What is read for the first time is no measure of the configuration.
  await load(ours, 5);
  await load(theirs, 5);
  const rounds = await alternate(
    bench.rounds,
    () => load(ours),
    () => load(theirs),
    (round) => {
      bench.signal.throwIfAborted();
      bench.note(`${what}, round ${round} of ${bench.rounds}`);
    },
  );
  return { what, against, rounds, aim: 1 };
}

/** pgbench in the container of a server, over its socket. */
function inside({ container, socket }: Server, flags: readonly string[]): readonly string[] {
  return ["exec", container, "pgbench", "--host", socket, "--username=postgres", ...flags, "bench"];
}

/** pgbench beside, over TLS, with a new connection for each transaction. */
async function connecting(host: string): Promise<readonly string[]> {
  return [...(await beside(host)), "--connect", "--select-only"];
}

/** @returns seconds that a thousand transactions take */
async function load(command: readonly string[], seconds: number = LOAD): Promise<number> {
  const flags = [`--client=${CLIENTS}`, `--jobs=${JOBS}`, `--time=${seconds}`, "--no-vacuum"];
  // Flags go before the name of the database, which is the last word inside of a server.
  const words =
    command[0] === "exec"
      ? [...command.slice(0, -1), ...flags, ...command.slice(-1)]
      : [...command, ...flags];
  const said = await docker(words, { seconds: seconds + 120 });
  const rate = Number(/^tps = ([\d.]+)/m.exec(said)?.[1] ?? 0);
  if (rate > 0 && /number of failed transactions: 0 /.test(said)) return 1000 / rate;
  throw new Problem({
    what: "Not every transaction of pgbench was done.",
    value: said.trim(),
    fix: "see what the server's log says: docker logs",
  });
}

function rates(times: readonly number[]): string {
  const sorted = times.map((seconds) => 1000 / seconds).sort((a, b) => a - b);
  return `${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)}`;
}
