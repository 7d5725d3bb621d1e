import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Docker } from "../../../modules/engine/docker.ts";
import { explain } from "../../../modules/environment/explain.ts";
import { targetOf } from "../../../modules/environment/target.ts";
import { Prod } from "../../../stacks/prod.ts";
import { synthesize } from "../../support/synthesis.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const host = {
  name: "web-1",
  address: "ssh://deploy@203.0.113.10:2222",
  hostKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"],
};
const directory = temporaryFolder();
const written = (hosts: readonly unknown[], engine?: Docker) =>
  synthesize(
    (app) => {
      const target = targetOf(app, "prod");
      new Prod(app, engine === undefined ? target : { ...target, host: engine.hosts[0] ?? target.host });
    },
    { directory, prod: { hosts } },
  ).terraform("prod");

describe("a stack on a host that SSH leads to", () => {
  const stack = JSON.parse(JSON.stringify(written([host])));
  const folder = join(directory, "slipway", "ssh", "prod", "web-1");

  test("has a provider that uses the pinned keys", () => {
    const [provider] = stack.provider.docker;
    expect(provider.host).toBe("ssh://deploy@203.0.113.10:2222");
    expect(provider.ssh_opts).toEqual(["-F", expect.stringMatching(/slipway\/ssh\/prod\/web-1\/config$/)]);
    expect(readFileSync(join(folder, "known_hosts"), "utf8")).toBe(
      "web-1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5\n",
    );
    expect(statSync(join(folder, "config")).mode & 0o777).toBe(0o600);
  });

  test("hands files to its edge by a client that does too", () => {
    const [{ "local-exec": provisioner }] = stack.resource.terraform_data["edge-files"].provisioner;
    expect(provisioner.environment.DOCKER_HOST).toBe("ssh://deploy@203.0.113.10:2222");
    expect(provisioner.command).toMatch(/slipway\/ssh\/prod\/web-1\/bin' && pwd\)\nPATH="\$ssh:\$PATH"/);
    expect(() => execFileSync("sh", ["-n", "-c", provisioner.command])).not.toThrow();
  });

  test("builds with the builder of that engine, which writes no log here", () => {
    for (const { build } of Object.values<{ build: object }>(stack.resource.docker_image)) {
      expect(build).not.toHaveProperty("builder");
      expect(build).not.toHaveProperty("build_log_file");
      // buildx would build on the engine of this machine.
      expect(build).toHaveProperty("use_legacy_builder", true);
    }
  });
});

test("a stack that runs elsewhere than the context says is refused: the verbs would look in vain", () => {
  try {
    written([host], Docker.local());
    expect.unreachable();
  } catch (error) {
    expect(explain(error)).toContain('Invalid context prod.hosts "web-1 (ssh://deploy@203.0.113.10:2222)"');
    expect(explain(error)).toContain("Write engine: Docker.on(target.host)");
  }
});

test("several hosts are none for Docker alone", () => {
  try {
    written([host, { ...host, name: "web-2", address: "ssh://203.0.113.11" }]);
    expect.unreachable();
  } catch (error) {
    expect(explain(error)).toContain("Swarm.of(target.hosts)");
  }
});
