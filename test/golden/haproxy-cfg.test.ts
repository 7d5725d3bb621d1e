import { expect, test } from "vitest";
import { App } from "../../modules/app/app.ts";
import { Py4web } from "../../modules/app/py4web.ts";
import { Balancer, type BalancerProps } from "../../modules/balancer/balancer.ts";
import { HaProxy } from "../../modules/balancer/haproxy/haproxy.ts";
import { Stickiness } from "../../modules/edge/stickiness.ts";
import { sandbox } from "../support/sandbox.ts";

function cfgOf(props: Omit<BalancerProps, "target">): string {
  const environment = sandbox();
  const target = new App(environment, "big-shop", {
    source: Py4web.fromDirectory("examples/guestbook"),
    nodes: 2,
  });
  const [workload] = new Balancer(environment, "balancer", { ...props, target }).workloads();
  return workload?.files.find(({ path }) => path === "/etc/slipway/haproxy.cfg")?.content ?? "";
}

test("least connections, by cookie, with weights", async () => {
  const cfg = cfgOf({ engine: HaProxy.leastConnections({ sticky: Stickiness.byCookie(), weights: [2, 1] }) });
  // A framework's health path holds the prefix that the edge puts before each request.
  expect(cfg).toContain("http-check send meth GET uri '/guestbook/healthz' ");
  // A read is asked again, a write only when it never left.
  expect(cfg).toContain("disable-l7-retry unless METH_GET");
  await expect(cfg).toMatchFileSnapshot("haproxy-least-connections-by-cookie.cfg.golden");
});

test("round robin, by address", async () => {
  const cfg = cfgOf({
    engine: HaProxy.roundRobin({ sticky: Stickiness.byAddress() }),
    memory: "64 MiB",
    timeout: "10 seconds",
  });
  // The visitor's address; that of the connection is the edge's.
  expect(cfg).toContain("stick on req.hdr_ip(X-Forwarded-For,-1)");
  await expect(cfg).toMatchFileSnapshot("haproxy-round-robin-by-address.cfg.golden");
});

test("without stickiness there is neither cookie nor table", () => {
  expect(cfgOf({ engine: HaProxy.roundRobin() })).not.toMatch(/cookie|stick|peers/);
});
