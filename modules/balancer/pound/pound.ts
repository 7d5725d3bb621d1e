/**
 * Pound as a balancer (recipe 14).
 *
 *     new Balancer(this, "balancer", { engine: Pound.roundRobin({ sticky: Stickiness.byAddress() }), target: shop });
 */
import { fileURLToPath } from "node:url";
import { Stickiness } from "../../edge/stickiness.ts";
import { Duration } from "../../values/duration.ts";
import { Name } from "../../values/name.ts";
import { type BalancerEngine, weightsOf } from "../balancer-engine.ts";
import { poundCfg } from "./pound-cfg.ts";

/** The largest priority that Pound takes. */
const MOST_WEIGHT = 65535;

export interface PoundOptions {
  /**
   * Lead a visitor to the same node again. By cookie Pound binds a visitor with the first request that carries one, so
   * the answer that set it may have come from another node: it is left out. @default Stickiness.none()
   */
  readonly sticky?: Stickiness<"nothing" | "address">;
  /** Shares of the nodes in the order of their numbers, one a node, from 1 to 65535. @default all alike */
  readonly weights?: readonly number[];
}

/**
 * Balancers made of Pound 4 of Debian. It finds a dead node by a request that then asks another one, and looks every
 * second whether it takes connections again; it never asks a node how it is. A changed configuration is a new container.
 * It never repeats a request that a node took, not even a read: one that is at hand when a node dies or stops fails.
 * It drops a request with a header line above 4 KiB, such as one of many cookies; HAProxy takes 31 KiB of headers.
 */
export const Pound = {
  /** Node after node, as often as its weight says. */
  roundRobin({ sticky = Stickiness.none(), weights }: PoundOptions = {}): BalancerEngine {
    return {
      name: "pound-round-robin",
      sticky,
      weights: weightsOf(weights, MOST_WEIGHT),
      image: { name: Name.of("pound"), folder: fileURLToPath(new URL("image", import.meta.url)) },
      // SIGINT lets requests at hand finish; SIGTERM would cut them.
      stop: { signal: "SIGINT", grace: Duration.of("30 seconds") },
      reconfigurable: false,
      files: (balancing) => [{ path: "/etc/slipway/pound.cfg", content: poundCfg({ ...balancing, sticky }) }],
    };
  },
};
