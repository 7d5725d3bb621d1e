import { expect, test } from "vitest";
import { App } from "../../modules/app/app.ts";
import { Balancer } from "../../modules/balancer/balancer.ts";
import { Pound, type PoundOptions } from "../../modules/balancer/pound/pound.ts";
import { Stickiness } from "../../modules/edge/stickiness.ts";
import { hello } from "../support/hello.ts";
import { sandbox } from "../support/sandbox.ts";

function cfgOf(options: PoundOptions): string {
  const environment = sandbox();
  const target = new App(environment, "shop", { source: hello(), nodes: 3 });
  const balancer = new Balancer(environment, "balancer", { engine: Pound.roundRobin(options), target });
  return balancer.workloads()[0]?.files.find(({ path }) => path === "/etc/slipway/pound.cfg")?.content ?? "";
}

test("round robin, by address, with weights", async () => {
  const cfg = cfgOf({ sticky: Stickiness.byAddress(), weights: [2, 1, 1] });
  // Recipe 14 remembers a visitor for an hour.
  expect(cfg).toMatch(/ID "X-Forwarded-For"\s+TTL 3600/);
  await expect(cfg).toMatchFileSnapshot("pound-round-robin-by-address.cfg.golden");
});

test("without stickiness there is no session", () => {
  expect(cfgOf({})).not.toContain("Session");
});
