import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Wsgi } from "../../../modules/app/wsgi.ts";
import { Balancer } from "../../../modules/balancer/balancer.ts";
import type { BalancerEngine } from "../../../modules/balancer/balancer-engine.ts";
import { HaProxy } from "../../../modules/balancer/haproxy/haproxy.ts";
import { Pound } from "../../../modules/balancer/pound/pound.ts";
import { Stickiness } from "../../../modules/edge/stickiness.ts";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";
import { hello } from "../../support/hello.ts";
import { sandbox } from "../../support/sandbox.ts";

const environment = sandbox();
const shop = new App(environment, "shop", { source: hello(), nodes: 3 });
let made = 0;
const balance = (engine: BalancerEngine, target = shop) => {
  made += 1;
  return new Balancer(environment, `balancer-${made}`, { engine, target });
};

describe("weights", () => {
  test.each([[[1, 1, 1]], [[256, 2, 1]]])("%j are good for three nodes", (weights) => {
    expect(() => balance(HaProxy.roundRobin({ weights }))).not.toThrow();
    expect(() => balance(Pound.roundRobin({ weights }))).not.toThrow();
  });

  test.each([[[]], [[1, 2]], [[1, 2, 3, 4]]])("%j are not one a node", (weights) => {
    expect(() => balance(Pound.roundRobin({ weights }))).toThrow(InvalidValue);
    expect(() => balance(HaProxy.roundRobin({ weights }))).toThrow(
      "one a node of shop, which has 3. Write weights: [",
    );
  });

  test.each([0, -1, 1.5, Number.NaN, 257])("%d is no weight", (weight) => {
    expect(() => HaProxy.leastConnections({ weights: [weight] })).toThrow("a whole number from 1 to 256");
  });
});

describe("what an edge is told", () => {
  test("is all about the application, and the balancer's own address and network", () => {
    const balancer = balance(HaProxy.leastConnections());
    expect(balancer.listen("http", "tcp")).toEqual({
      ...shop.listen("http", "tcp"),
      nodes: [`${balancer.name}:8080`],
      network: { name: balancer.name, internal: true },
    });
  });

  test("the nodes speak HTTP for it, and it reaches them by their own network", () => {
    const [workload] = balance(HaProxy.leastConnections()).workloads();
    expect(workload?.networks.map(({ name }) => name.text)).toContain("shop");
    expect(workload).toMatchObject({ user: 8080, ports: [], capabilities: [], volumes: [], secrets: [] });
  });
});

test("Pound has no stickiness by cookie", () => {
  // @ts-expect-error: it binds too late to be safe for the sessions of a node
  Pound.roundRobin({ sticky: Stickiness.byCookie() });
});

test("a target of another stack is refused", () => {
  const other = new App(sandbox(), "shop", { source: hello(), nodes: 3 });
  expect(() => balance(HaProxy.roundRobin(), other)).toThrow("an application of the same stack");
});

test("no health path adds a line to a configuration, or leaves its quotes", () => {
  const path = fc.oneof(
    fc.string({ unit: "binary" }).map((text) => `/${text}`),
    fc.constantFrom("/a\n", "/a'b", "/a b", "/a#b", "/a\\\n", "/a?b=%20", "/healthz", "/a/$x"),
  );
  const lines = cfg(balance(HaProxy.roundRobin())).split("\n").length;
  let accepted = 0;
  fc.assert(
    fc.property(path, (health) => {
      let balancer: Balancer;
      try {
        const source = Wsgi.fromDirectory("examples/hello", {
          callable: "hello:application",
          health: health as `/${string}`,
        });
        balancer = balance(HaProxy.roundRobin(), new App(environment, `app-${made}`, { source, nodes: 3 }));
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidValue);
        return;
      }
      accepted += 1;
      expect(cfg(balancer).split("\n")).toHaveLength(lines);
      expect(cfg(balancer)).toContain(` uri '${health}' ver `);
    }),
    { numRuns: 200 },
  );
  expect(accepted).toBeGreaterThan(5);
});

function cfg(balancer: Balancer): string {
  return balancer.workloads()[0]?.files[0]?.content ?? "";
}
