import type { Stickiness } from "../edge/stickiness.ts";
import type { ConfigFile, Workload } from "../engine/workload.ts";
import type { Duration } from "../values/duration.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import type { Name } from "../values/name.ts";
import type { Size } from "../values/size.ts";

/** Ports in a balancer's container; the second one on its loopback interface alone, for the health check. */
export const BALANCER_PORTS = { http: 8080, health: 8081 } as const;

/** A node of the application. */
export interface BalancedNode {
  /** Name that the engine's DNS knows; during a release it leads to two containers. */
  readonly host: string;
  readonly port: number;
  /** Its share of the requests, relative to the others'. */
  readonly weight: number;
}

/** Everything that the configuration of a balancer depends on. */
export interface Balancing {
  /** Name of the application. */
  readonly app: string;
  readonly nodes: readonly BalancedNode[];
  /** Path on a node that answers 200 only when it works. */
  readonly healthPath: string;
  /** How long a node may take for an answer. */
  readonly timeout: Duration;
  /** The container's limit. */
  readonly memory: Size;
}

/** What a balancer is made of: made by the factories of `HaProxy` and `Pound`. */
export interface BalancerEngine {
  /** For reports: `haproxy-least-connections`. */
  readonly name: string;
  readonly sticky: Stickiness;
  /** One a node; undefined where all are equal. */
  readonly weights: readonly number[] | undefined;
  readonly image: { readonly name: Name; readonly folder: string };
  readonly stop: Workload["stop"];
  /** Whether it takes over a new configuration while it runs. */
  readonly reconfigurable: boolean;
  /** The configuration; pure text. */
  files(balancing: Balancing): readonly ConfigFile[];
}

/** @throws InvalidValue unless each is a whole number from 1 to `most`. */
export function weightsOf(
  weights: readonly number[] | undefined,
  most: number,
): readonly number[] | undefined {
  return weights?.map((weight) => {
    if (Number.isInteger(weight) && weight >= 1 && weight <= most) return weight;
    throw new InvalidValue({
      what: "weight",
      got: String(weight),
      allowed: `a whole number from 1 to ${most}`,
      fix: "Write weights: [2, 1], where the first node gets twice the requests of the second",
    });
  });
}
