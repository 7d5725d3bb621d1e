import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../../setup/problem.ts";
import { docker } from "../../stack/docker.ts";
import { Owner } from "../bench-project.ts";
import { HOSTNAME } from "./combinations.ts";
import { IMAGE } from "./deployment.ts";

/** Of each load: long enough for the daemons to be warm, short enough for many of them. */
const LOAD = 4;
export const CONNECTIONS = 32;

/** Where a load goes. */
export interface Server {
  readonly container: string;
  readonly port: number;
}

/**
 * Requests on connections that stay open, from a container beside the server.
 * @returns seconds that a thousand requests take
 * @throws Problem when requests fail
 */
export async function load({ container, port }: Server, seconds: number = LOAD): Promise<number> {
  const { network, address } = await endpointOf(container);
  const url = `https://${HOSTNAME}:${port}/`;
  for (let attempt = 1; ; attempt += 1) {
    const said = await docker(
      [
        ...["run", "--rm", "--label", Owner.ours, "--network", network],
        ...["--add-host", `${HOSTNAME}:${address}`],
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

/**
 * Where a container is on the first of its networks, past the engine's proxy.
 * @throws Problem when it has ended
 */
export async function endpointOf(
  container: string,
): Promise<{ readonly network: string; readonly address: string }> {
  const networks: Record<string, { readonly IPAddress: string }> = JSON.parse(
    await docker(["inspect", "--format", "{{json .NetworkSettings.Networks}}", container]),
  );
  const [first] = Object.entries(networks);
  if (first === undefined) throw new Error(`${container} is on no network`);
  const [network, { IPAddress: address }] = first;
  if (address === "") {
    throw new Problem({
      what: `${container} has ended.`,
      value: (await docker(["logs", "--tail", "5", container])).trim(),
      fix: "mend what it says: scripts/bench/throughput/baseline/serve has its command",
    });
  }
  return { network, address };
}

/** Requests each second, from the lowest to the highest round. */
export function rate(times: readonly number[]): string[] {
  const rates = times.map((seconds) => 1000 / seconds).sort((a, b) => a - b);
  return [`${rates[0]?.toFixed(0)} to ${rates.at(-1)?.toFixed(0)}`];
}
