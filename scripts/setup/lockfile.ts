import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lastLines, type Machine } from "./machine.ts";
import { Problem } from "./problem.ts";
import { STATE } from "./project.ts";
import { lockHash, mirrorPath, PROVIDER } from "./provider.ts";
import type { Missing, Report, Requirement } from "./requirement.ts";
import { findTerraform, lookUpTerraform, type Terraform } from "./terraform.ts";

/**
 * The lock file that goes beside each `cdk.tf.json` as `.terraform.lock.hcl`. It exists only where the provider comes
 * from the implied mirror: there the `terraform providers lock` that cdktf runs without one would ask the registry,
 * and with one cdktf leaves it out (`checkNeedsLockfileUpdate` in its `cdktf-stack.js`).
 */
export const LOCK_FILE: string = join(STATE, "terraform.lock.hcl");

/** The lock file for a provider that was built here. */
export function lockfile(machine: Machine, path = LOCK_FILE): Requirement {
  return {
    name: "Provider lock",
    async check() {
      const program = await lookUpTerraform(machine);
      if (!("command" in program))
        return { ...program, found: "unknown, as there is no Terraform to ask for it" };
      const provider = mirrorPath(machine, program.registry);
      const text = await machine.read(path);
      if (!(await isFile(provider))) {
        if (text === undefined)
          return { ok: true, found: "not needed, as the provider comes from its registry" };
        return outdated(`${path} is for a provider that is gone from ${provider}`);
      }
      if (text === undefined) return outdated(`nothing at ${path}`);
      if (locks(text, program.registry, await lockHash(provider))) return { ok: true, found: path };
      return outdated(`${path} is for another provider than ${provider}`);
    },
    async install(report, signal) {
      const program = await findTerraform(machine);
      if (await isFile(mirrorPath(machine, program.registry)))
        return make(machine, program, path, report, signal);
      await rm(path, { force: true });
    },
  };
}

/** Whether a lock file is for this provider, from this registry, as cdktf and Terraform read it. */
export function locks(text: string, registry: string, hash: string): boolean {
  const block =
    new RegExp(`^provider "${registry}/${PROVIDER.source}" \\{\n([^}]*)\\}`, "m").exec(text)?.[1] ?? "";
  return block.includes(`"${PROVIDER.constraint}"`) && block.includes(`"${hash}"`);
}

/** The configuration whose `init` makes the lock file: the same providers as a stack asks for, and nothing else. */
export function configuration(): string {
  const { source, constraint: version } = PROVIDER;
  return JSON.stringify({ terraform: { required_providers: { docker: { source, version } } } });
}

function outdated(found: string): Missing {
  return {
    ok: false,
    found,
    wanted: "a lock file for the provider in Terraform's implied mirror",
    remedy: "npm run setup makes it",
  };
}

async function make(
  machine: Machine,
  program: Terraform,
  path: string,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "slipway-lock-"));
  try {
    await writeFile(join(scratch, "main.tf.json"), configuration());
    report(`${program.command} init`);
    const outcome = await machine.run([program.path, "init", "-backend=false", "-input=false", "-no-color"], {
      cwd: scratch,
      seconds: 60,
      env: { CHECKPOINT_DISABLE: "1", TF_DATA_DIR: join(scratch, ".terraform"), TF_IN_AUTOMATION: "1" },
      signal,
    });
    signal.throwIfAborted();
    const lock = await machine.read(join(scratch, ".terraform.lock.hcl"));
    if (outcome.code !== 0 || lock === undefined) {
      throw new Problem({
        what: `${program.command} does not take the provider from its implied mirror.`,
        value: lastLines(outcome.stderr.trim() || "it made no lock file", 12),
        fix: `a provider_installation block in its configuration (TF_CLI_CONFIG_FILE or ~/.terraformrc) may keep it from that; if the provider is broken, remove ${mirrorPath(machine, program.registry)}; then run npm run setup again`,
      });
    }
    await mkdir(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}`;
    await writeFile(draft, lock);
    await rename(draft, path);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (file) => file.isFile(),
    () => false,
  );
}
