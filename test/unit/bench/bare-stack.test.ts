import { expect, test } from "vitest";
import { bareStack, deployedIn } from "../../../scripts/bench/nodes/bare-stack.ts";
import { percentile } from "../../../scripts/bench/release/load.ts";
import { STACK } from "./stack.ts";

const label = { label: "slipway.node", value: "hello" };
const STATE = JSON.stringify({
  resources: [
    { mode: "data", type: "docker_containers", name: "all", instances: [{ attributes: {} }] },
    {
      mode: "managed",
      type: "docker_container",
      name: "a-node",
      instances: [{ attributes: { name: "bench-dev-a-node-12345678", labels: [label] } }],
    },
  ],
});

test("a bare stack declares the same containers under the names that they have, and nothing else", () => {
  const full = { ...STACK, provider: { docker: [{}] } };
  const resource = { ...full.resource, terraform_data: { "hello-files": {} } };
  const bare = bareStack({ ...full, resource }, "bare.tfstate", deployedIn(STATE)) as unknown as typeof full;
  expect(Object.keys(bare).sort()).toEqual(["provider", "resource", "terraform"]);
  expect(Object.keys(bare.resource)).not.toContain("terraform_data");
  expect(Object.keys(bare.resource.docker_container)).toEqual(Object.keys(full.resource.docker_container));
  expect(bare.resource.docker_container["a-node"]).toEqual({
    ...full.resource.docker_container["a-node"],
    name: "bench-dev-a-node-12345678",
    labels: [label],
  });
});

test("99 of 100 values do not exceed the percentile", () => {
  const values = Array.from({ length: 200 }, (_, at) => 200 - at);
  expect(percentile(values, 0.99)).toBe(198);
  expect(percentile([7], 0.99)).toBe(7);
});
