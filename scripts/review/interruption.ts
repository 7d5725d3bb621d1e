import { PROBE } from "../../modules/engine/probe.ts";
import type { Aspect } from "../../modules/engine/transition.ts";
import type { WrittenWorkload } from "../../modules/engine/written-workload.ts";
import type { Interruption } from "./effect.ts";

/** An instance that stops before its successor starts. */
export function ofReplacement(
  before: WrittenWorkload,
  after: WrittenWorkload,
  changed: readonly Aspect[],
): Interruption {
  const [grace, start] = [before.stop.grace, after.health.startPeriod];
  return {
    atMost: grace + start + PROBE.interval,
    parts: [
      ...(changed.includes("image")
        ? ["its image is built meanwhile, where the engine does not have it yet"]
        : []),
      `stop: at most ${grace} s, mostly far less (its grace)`,
      `start: at most ${start} s (its start period)`,
      `first probe: ${PROBE.interval} s (the interval of its health check)`,
    ],
  };
}

/** Nodes that are asked in another way than they listen, until their successors are there. */
export function ofNewProtocol(after: WrittenWorkload): Interruption {
  const start = after.health.startPeriod;
  return {
    atMost: start + PROBE.interval,
    parts: [`until the new nodes are healthy: at most ${start} s (their start period) and a probe`],
  };
}

/** A database whose data is of another version, which only a person brings over. */
export const UNTIL_UPGRADE: Interruption = {
  atMost: null,
  parts: ["until npm run upgrade has brought the data over"],
};

export const FOR_GOOD: Interruption = { atMost: null, parts: ["for good"] };
