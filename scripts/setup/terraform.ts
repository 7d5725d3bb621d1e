import { OLDEST_TERRAFORM } from "../../modules/engine/terraform-version.ts";
import type { Machine } from "./machine.ts";
import { type Missing, missing, type Requirement } from "./requirement.ts";
import { atLeast, parseVersion } from "./version.ts";

const NAME = "Terraform";
const WANTED = `terraform or tofu >= ${OLDEST_TERRAFORM.join(".")} on the path`;

/** The program that applies what cdktf writes. */
export interface Terraform {
  /** Name or path, as cdktf takes it from `TERRAFORM_BINARY_NAME`. */
  readonly command: string;
  readonly path: string;
  readonly version: string;
  /** Host of the registry that it takes for a provider source without one. */
  readonly registry: "registry.terraform.io" | "registry.opentofu.org";
}

/** Terraform or OpenTofu, which only the user installs. */
export function terraform(machine: Machine): Requirement {
  return {
    name: NAME,
    async check() {
      const found = await lookUpTerraform(machine);
      if (!("command" in found)) return found;
      const product = found.registry === "registry.opentofu.org" ? "OpenTofu " : "";
      const note =
        machine.env.TERRAFORM_BINARY_NAME === undefined && found.command !== "terraform"
          ? `; a plain cdktf command needs TERRAFORM_BINARY_NAME=${found.command}`
          : "";
      return { ok: true, found: `${product}${found.version} at ${found.path}${note}` };
    },
  };
}

/**
 * The Terraform or OpenTofu that deployments run with.
 *
 * @throws Problem when there is none, or it is too old
 */
export async function findTerraform(machine: Machine): Promise<Terraform> {
  const found = await lookUpTerraform(machine);
  if ("command" in found) return found;
  throw missing({ name: NAME }, found);
}

/** The commands to try: the one that the variable names, as cdktf does; else both usual ones. */
export function candidates(env: Machine["env"]): readonly string[] {
  const named = env.TERRAFORM_BINARY_NAME;
  return named === undefined || named === "" ? ["terraform", "tofu"] : [named];
}

/** The JSON that OpenTofu has printed: it warns before it on the same stream, of a configuration file that is not there for example. */
export function withoutWarnings(stdout: string): string {
  return stdout.slice(Math.max(0, stdout.indexOf("{")));
}

/** Reads what `terraform version -json` prints. */
export function parseTerraform(command: string, path: string, json: string): Terraform | undefined {
  try {
    const version: unknown = JSON.parse(withoutWarnings(json)).terraform_version;
    if (typeof version !== "string") return undefined;
    // Both print the same JSON; a binary that was renamed can only be told by how the file is called.
    const registry = /tofu/.test(path) ? "registry.opentofu.org" : "registry.terraform.io";
    return { command, path, version, registry };
  } catch {
    return undefined;
  }
}

/** The Terraform or OpenTofu that deployments run with, or what is missing. */
export async function lookUpTerraform(machine: Machine): Promise<Terraform | Missing> {
  const names = candidates(machine.env);
  const misfits: string[] = [];
  for (const command of names) {
    const path = await machine.find(command);
    if (path === undefined) continue;
    const outcome = await machine.run([path, "version", "-json"], { env: { CHECKPOINT_DISABLE: "1" } });
    const found = parseTerraform(command, path, outcome.stdout);
    const version = found === undefined ? undefined : parseVersion(found.version);
    if (found !== undefined && version !== undefined && atLeast(version, [...OLDEST_TERRAFORM, 0]))
      return found;
    misfits.push(found === undefined ? `${path} does not tell its version` : `${found.version} at ${path}`);
  }
  const named = machine.env.TERRAFORM_BINARY_NAME ? " (named by TERRAFORM_BINARY_NAME)" : "";
  return {
    ok: false,
    found: misfits.length > 0 ? misfits.join(", ") : `no ${names.join(" or ")}${named} on the path`,
    wanted: WANTED,
    remedy:
      "install Terraform (https://developer.hashicorp.com/terraform/install) or OpenTofu (https://opentofu.org/docs/intro/install) and see that it is on the PATH",
  };
}
