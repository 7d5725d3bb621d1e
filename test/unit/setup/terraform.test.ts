import { expect, test } from "vitest";
import { candidates, lookUpTerraform, parseTerraform, terraform } from "../../../scripts/setup/terraform.ts";
import { fakeMachine } from "./fake-machine.ts";

const version = (number: string) => () => ({ stdout: JSON.stringify({ terraform_version: number }) });

test("the variable that cdktf honours is honoured", () => {
  expect(candidates({})).toEqual(["terraform", "tofu"]);
  expect(candidates({ TERRAFORM_BINARY_NAME: "/opt/tofu" })).toEqual(["/opt/tofu"]);
});

test("OpenTofu takes providers from its own registry", () => {
  expect(parseTerraform("tofu", "/usr/bin/tofu", '{"terraform_version":"1.9.0"}')?.registry).toBe(
    "registry.opentofu.org",
  );
  expect(parseTerraform("terraform", "/usr/bin/terraform", '{"terraform_version":"1.9.0"}')?.registry).toBe(
    "registry.terraform.io",
  );
  expect(parseTerraform("terraform", "/usr/bin/terraform", "Terraform v0.11")).toBeUndefined();
});

test("one that is too old is told with its version", async () => {
  const machine = fakeMachine({ commands: ["terraform"], answer: version("1.4.7") });
  expect(await lookUpTerraform(machine)).toMatchObject({ ok: false, found: "1.4.7 at /usr/bin/terraform" });
});

test("a new enough tofu is taken where terraform is too old", async () => {
  const machine = fakeMachine({
    commands: ["terraform", "tofu"],
    answer: (line) => version(line.includes("tofu") ? "1.8.0" : "1.4.7")(),
  });
  expect(await lookUpTerraform(machine)).toMatchObject({ command: "tofu", version: "1.8.0" });
  expect(await terraform(machine).check()).toHaveProperty(
    "found",
    expect.stringContaining("TERRAFORM_BINARY_NAME=tofu"),
  );
});

test("none at all is an instruction, and nothing is ever installed", async () => {
  const requirement = terraform(fakeMachine());
  expect(await requirement.check()).toMatchObject({
    ok: false,
    remedy: expect.stringContaining("install Terraform"),
  });
  expect(requirement.install).toBeUndefined();
});
