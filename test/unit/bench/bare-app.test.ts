// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of Terraform
import { expect, test } from "vitest";
import { bareApp } from "../../../scripts/bench/bare-app.ts";
import { STACK } from "./stack.ts";

const source = bareApp("dev", STACK);

test("imports nothing of the project", () => {
  const imported = [...source.matchAll(/ from "([^"]+)"/g)].map(([, module]) => module);
  expect(imported).not.toHaveLength(0);
  expect(imported.filter((module) => !/^(cdktf$|@cdktf\/provider-docker\/)/.test(module ?? ""))).toEqual([]);
});

test("declares what others depend on first, and refers to it", () => {
  const node = source.indexOf("const dockerContainerANode =");
  expect(source.indexOf("const dockerContainerDb =")).toBeLessThan(node);
  expect(source.slice(node)).toContain("dependsOn: [dockerContainerDb]");
});

test("has attributes in the spelling of the bindings, and the keys of maps as they are", () => {
  expect(source).toContain("memorySwap: 512");
  expect(source).toContain('logOpts: {"max-size":"10m"}');
  expect(source).toContain('buildAttribute: { context: "images/postgres" }');
  expect(source).toContain("lifecycle: { preventDestroy: true }");
});

test("refers to other resources as the bindings do", () => {
  expect(source).toContain("image: dockerImagePostgres.imageId");
  expect(source).toContain("volumeName: dockerVolumeDbData.name");
});

test("names each resource in Terraform as the stack does", () => {
  expect(source).toContain('dockerVolumeDbData.overrideLogicalId("db-data")');
});

test("sets by override what the bindings do not know", () => {
  expect(source).toContain('stack.addOverride("locals", {"instances":"${[]}"});');
});
