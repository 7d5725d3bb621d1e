import fc from "fast-check";
import { App } from "../../modules/app/app.ts";
import { Wsgi } from "../../modules/app/wsgi.ts";
import { Balancer } from "../../modules/balancer/balancer.ts";
import { HaProxy } from "../../modules/balancer/haproxy/haproxy.ts";
import { Pound } from "../../modules/balancer/pound/pound.ts";
import { Stickiness, type StickyBy } from "../../modules/edge/stickiness.ts";
import type { Environment } from "../../modules/environment/environment.ts";
import type { DurationText } from "../../modules/values/duration.ts";
import type { SizeText } from "../../modules/values/size.ts";

/** What a stack may say of a balancer and its application, as plain data that can be printed. */
export interface AnyBalancer {
  readonly engine: keyof typeof ENGINES;
  readonly app: string;
  readonly nodes: number;
  readonly weights: readonly number[] | undefined;
  readonly sticky: { readonly by: StickyBy; readonly duration: DurationText };
  readonly health: `/${string}`;
  readonly memory: SizeText;
  readonly timeout: DurationText;
}

interface EngineOptions {
  readonly sticky: Stickiness;
  readonly weights?: readonly number[];
}

const ENGINES = {
  "haproxy-least-connections": (options: EngineOptions) => HaProxy.leastConnections(options),
  "haproxy-round-robin": (options: EngineOptions) => HaProxy.roundRobin(options),
  "pound-round-robin": ({ sticky, ...options }: EngineOptions) =>
    Pound.roundRobin({ sticky: sticky as Stickiness<"nothing" | "address">, ...options }),
} as const;

/** What a daemon can do. */
const DAEMONS = {
  haproxy: {
    engines: ["haproxy-least-connections", "haproxy-round-robin"],
    sticks: ["nothing", "cookie", "address"],
    most: 256,
  },
  pound: { engines: ["pound-round-robin"], sticks: ["nothing", "address"], most: 65_535 },
} as const;

const seconds = (most: number) =>
  fc.integer({ min: 1, max: most }).map((count) => `${count} seconds` as const);
const health = fc
  .tuple(
    fc.stringMatching(/^[a-z0-9~!$&()*+,;=:@%/.-]{0,20}$/),
    fc.stringMatching(/^(\?[a-z0-9=&%]{0,10})?$/),
  )
  .map((parts) => `/${parts.join("")}` as const);

/** Balancers made of one daemon. */
export function anyBalancer(daemon: keyof typeof DAEMONS): fc.Arbitrary<AnyBalancer> {
  const { engines, sticks, most } = DAEMONS[daemon];
  return fc.integer({ min: 2, max: 20 }).chain((nodes) =>
    fc.record({
      engine: fc.constantFrom<keyof typeof ENGINES>(...engines),
      app: fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/),
      nodes: fc.constant(nodes),
      weights: fc.option(
        fc.array(fc.integer({ min: 1, max: most }), { minLength: nodes, maxLength: nodes }),
        { nil: undefined },
      ),
      sticky: fc.record({ by: fc.constantFrom<StickyBy>(...sticks), duration: seconds(604_800) }),
      health,
      memory: fc.integer({ min: 16, max: 65_536 }).map((count) => `${count} MiB` as const),
      timeout: seconds(43_200),
    }),
  );
}

/** The construct of such a model. */
export function balancerOf(environment: Environment, model: AnyBalancer): Balancer {
  const { engine, app, nodes, weights, sticky, health, memory, timeout } = model;
  const target = new App(environment, app, {
    source: Wsgi.fromDirectory("examples/hello", { callable: "hello:application", health }),
    nodes,
  });
  const stickiness = {
    nothing: () => Stickiness.none(),
    cookie: () => Stickiness.byCookie(),
    address: () => Stickiness.byAddress(sticky.duration),
  };
  return new Balancer(environment, "balancer", {
    engine: ENGINES[engine]({ sticky: stickiness[sticky.by](), ...(weights && { weights }) }),
    target,
    memory,
    timeout,
  });
}
