import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { Problem } from "../../setup/problem.ts";

/** Requests a second: far below what the smallest machine serves, so that it is the site that is measured. */
const RATE = 40;
const CONNECTIONS = 16;
/** Milliseconds in which connections are opened, which is no matter of a release. */
const WARM_UP = 2000;

/**
 * Asks for a page at a constant rate, whatever the answers take, until the work is done.
 * @returns what the work gave, and the milliseconds that 99 of 100 answers took at most
 * @throws Problem when an answer is anything but 200
 */
export async function during<T>(
  url: string,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly percentile: number }> {
  // The certificate is one that the edge has made for itself, on this machine.
  const agent = new Agent({ connect: { rejectUnauthorized: false }, connections: CONNECTIONS });
  const taken: number[] = [];
  const failed: string[] = [];
  const asked: Promise<void>[] = [];
  const ask = async () => {
    const start = performance.now();
    try {
      const { statusCode, body } = await request(url, { dispatcher: agent });
      await body.dump();
      if (statusCode !== 200) failed.push(String(statusCode));
    } catch (error) {
      failed.push(String(error));
    }
    taken.push(performance.now() - start);
  };
  const askUntil = async (isOver: () => boolean) => {
    const start = performance.now();
    for (let count = 1; !isOver(); count += 1) {
      asked.push(ask());
      await sleep(Math.max(0, start + (count * 1000) / RATE - performance.now()));
    }
    await Promise.all(asked);
  };
  const warm = performance.now() + WARM_UP;
  await askUntil(() => performance.now() > warm);
  taken.length = 0;
  let isDone = false;
  const end = work().finally(() => {
    isDone = true;
  });
  await askUntil(() => isDone);
  const result = await end;
  await agent.close();
  if (failed.length > 0) {
    throw new Problem({
      what: `${failed.length} of ${taken.length} requests failed.`,
      value: [...new Set(failed)].join(", "),
      allowed: "none, during a release as well",
      fix: "see what the edge's log says",
    });
  }
  return { result, percentile: percentile(taken, 0.99) };
}

/** The value that so large a share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
