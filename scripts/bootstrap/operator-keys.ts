import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../../modules/hosts/host.ts";
import { type Machine, thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";

const PUBLIC_KEY = /^(?:ssh|ecdsa|sk)-\S+ [A-Za-z0-9+/]+={0,2}(?: .*)?$/;

/**
 * The public keys of who deploys: those of a file that is named, else that of the host's identity, else those that ssh
 * itself would offer.
 * @throws Problem when there is none
 */
export async function operatorKeys(
  host: Host,
  named: string | undefined,
  machine: Machine = thisMachine,
): Promise<readonly string[]> {
  if (named !== undefined) return keysIn(named, existsSync(named) ? readFileSync(named, "utf8") : "");
  // Deployments offer this key and no other, so no other is of use.
  if (host.identity !== undefined) {
    const own = `${host.identity.replace(/^~(?=\/)/, machine.home)}.pub`;
    return keysIn(own, existsSync(own) ? readFileSync(own, "utf8") : "");
  }
  const agent = (await machine.run(["ssh-add", "-L"])).stdout;
  const folder = join(machine.home, ".ssh");
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /^id_\w+\.pub$/.test(name)) : [];
  const texts = [agent, ...files.map((name) => readFileSync(join(folder, name), "utf8"))];
  return keysIn("~/.ssh and ssh-agent", texts.join("\n"));
}

/** @throws Problem when a text has no public key in it */
export function keysIn(where: string, text: string): readonly string[] {
  const keys = text.split("\n").map((line) => line.trim());
  const found = [...new Set(keys.filter((line) => PUBLIC_KEY.test(line)))];
  if (found.length > 0) return found;
  throw new Problem({
    what: "There is no public key that could deploy later.",
    value: `none in ${where}`,
    allowed: "a file such as ~/.ssh/id_ed25519.pub",
    fix: "make one with ssh-keygen -t ed25519, or name its file: --key FILE",
  });
}
