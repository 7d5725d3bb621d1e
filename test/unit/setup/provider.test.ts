import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configuration, locks } from "../../../scripts/setup/lockfile.ts";
import {
  buildProblem,
  goOf,
  judgeGo,
  lockHash,
  mirrorPath,
  provider,
} from "../../../scripts/setup/provider.ts";
import { fakeMachine } from "./fake-machine.ts";

const terraformThere = {
  commands: ["terraform"],
  answer: () => ({ stdout: '{"terraform_version":"1.11.4"}' }),
};

test("the implied mirror is the one of the registry", () => {
  const machine = { home: "/home/ada", platform: "darwin", arch: "arm64" } as const;
  expect(mirrorPath(machine, "registry.opentofu.org")).toBe(
    "/home/ada/.terraform.d/plugins/registry.opentofu.org/kreuzwerker/docker/4.6.0/darwin_arm64/terraform-provider-docker_v4.6.0",
  );
});

test("a registry that answers is enough", async () => {
  const finding = await provider(fakeMachine(terraformThere), async () => true).check();
  expect(finding).toEqual({ ok: true, found: "~> 4.6 from registry.terraform.io when it is needed" });
});

test("without registry and without Go, the version of Go is told", async () => {
  const finding = await provider(fakeMachine(terraformThere), async () => false).check();
  expect(finding).toMatchObject({ ok: false, remedy: expect.stringMatching(/install Go \d+\.\d+/) });
});

test("a missing Terraform is a finding and not an exception", async () => {
  const finding = await provider(fakeMachine(), async () => true).check();
  expect(finding).toMatchObject({ ok: false, found: expect.stringContaining("no Terraform") });
});

test.each([
  ["go1.26.8\nauto", "1.25.8", undefined],
  ["go1.21.0\nauto", "1.25.8", undefined],
  ["go1.21.0\nlocal", "1.25.8", "go1.21.0"],
  ["go1.19.8\n", "1.25.8", "go1.19.8"],
  ["", "1.25.8", "go does not tell its version"],
])("Go %j for a module of Go %s", (goEnv, needed, misfit) => {
  expect(judgeGo(goEnv, needed)).toBe(misfit);
});

test("the version of Go comes from go.mod", () => {
  expect(goOf("module x\n\ngo 1.25.8\n\nrequire (\n")).toBe("1.25.8");
});

test.each([
  ["write /tmp/x: no space left on device", /disk is full/],
  ["dial tcp: lookup modules.example on 10.0.0.1:53: no such host", /could not be fetched/],
  ["undefined: foo", /could not be built\.$/],
])("a build that fails with %j is explained", (stderr, what) => {
  expect(buildProblem(stderr).what).toMatch(what);
});

test("the hash is Go's Hash1 of a folder with one file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "slipway-test-"));
  try {
    const path = join(folder, "terraform-provider-docker_v4.6.0");
    await writeFile(path, "hello\n");
    // printf 'hello\n' | sha256sum, then the line "<sum>  <name>\n" again, in base64.
    expect(await lockHash(path)).toBe("h1:cbsN0taR3Dh06/bgX1j/8mEnzw+MsICVZTTpygg4sK0=");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a lock file counts only for the same provider, constraint and hash", () => {
  const text = `provider "registry.terraform.io/kreuzwerker/docker" {
  version     = "4.6.0"
  constraints = "~> 4.6"
  hashes = [
    "h1:abc=",
  ]
}
`;
  expect(locks(text, "registry.terraform.io", "h1:abc=")).toBe(true);
  expect(locks(text, "registry.terraform.io", "h1:abd=")).toBe(false);
  expect(locks(text, "registry.opentofu.org", "h1:abc=")).toBe(false);
  expect(locks(text.replace("~> 4.6", "~> 4.5"), "registry.terraform.io", "h1:abc=")).toBe(false);
  expect(configuration()).toContain('"version":"~> 4.6"');
});
