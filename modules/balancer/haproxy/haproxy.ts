/**
 * HAProxy as a balancer.
 *
 *     new Balancer(this, "balancer", { engine: HaProxy.leastConnections({ sticky: Stickiness.byCookie() }), target });
 */
import { fileURLToPath } from "node:url";
import { Stickiness } from "../../edge/stickiness.ts";
import { Duration } from "../../values/duration.ts";
import { Name } from "../../values/name.ts";
import { type BalancerEngine, weightsOf } from "../balancer-engine.ts";
import { type Algorithm, haproxyCfg } from "./haproxy-cfg.ts";

/** The largest that HAProxy takes. */
const MOST_WEIGHT = 256;

export interface HaProxyOptions {
  /** Lead a visitor to the same node again. @default Stickiness.none() */
  readonly sticky?: Stickiness;
  /** Shares of the nodes in the order of their numbers, one a node, from 1 to 256. @default all alike */
  readonly weights?: readonly number[];
}

/** Balancers made of HAProxy 3.0 of Debian: active health checks, no read is lost with a node, graceful reloads. */
export const HaProxy = {
  /** The node with the fewest requests at hand gets the next one: for requests that differ in length. */
  leastConnections: (options: HaProxyOptions = {}): BalancerEngine =>
    haProxy("haproxy-least-connections", "leastconn", options),
  /** Node after node, as often as its weight says. */
  roundRobin: (options: HaProxyOptions = {}): BalancerEngine =>
    haProxy("haproxy-round-robin", "roundrobin", options),
};

function haProxy(
  name: string,
  algorithm: Algorithm,
  { sticky = Stickiness.none(), weights }: HaProxyOptions,
): BalancerEngine {
  return {
    name,
    sticky,
    weights: weightsOf(weights, MOST_WEIGHT),
    image: { name: Name.of("haproxy"), folder: fileURLToPath(new URL("image", import.meta.url)) },
    // SIGUSR1 is HAProxy's soft stop: requests at hand are answered.
    stop: { signal: "SIGUSR1", grace: Duration.of("30 seconds") },
    reconfigurable: true,
    files: (balancing) => [
      { path: "/etc/slipway/haproxy.cfg", content: haproxyCfg({ ...balancing, algorithm, sticky }) },
    ],
  };
}
