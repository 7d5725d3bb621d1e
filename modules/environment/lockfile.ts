import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** Written by the set-up where the provider was built on this machine. */
const LOCKFILE = ".slipway/terraform.lock.hcl";

/**
 * Puts the lock file of the set-up beside a stack. Without one, cdktf asks the provider's registry for checksums on the
 * first deploy, which fails where the registry cannot be reached; with an old one, Terraform refuses a provider that
 * was built again.
 */
export function copyLockfile(workingDirectory: string): void {
  const source = resolve(LOCKFILE);
  const target = join(workingDirectory, ".terraform.lock.hcl");
  if (!existsSync(source)) return;
  mkdirSync(workingDirectory, { recursive: true });
  copyFileSync(source, target);
}
