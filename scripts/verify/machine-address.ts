import { lookup } from "node:dns/promises";
import { Problem } from "../setup/problem.ts";

/** They stand for all addresses of this very machine. */
const ANY: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/**
 * The address of the machine that `--at` names. Nothing else may come of it: without one, what runs here would be verified
 * in its place.
 * @throws Problem for a name that is empty or leads nowhere
 */
export async function machineAddress(machine: string): Promise<string> {
  // An empty name would be no error, and lead to no address.
  const found = machine === "" ? undefined : await lookup(machine).catch(() => undefined);
  if (found?.address && !ANY.has(found.address)) return found.address;
  throw new Problem({
    what: "The machine of --at is not known by that name.",
    value: machine === "" ? "nothing; a variable of the shell may not be set" : machine,
    allowed: "an address, or a name that leads to one",
    fix: "name the machine that has the edge",
  });
}
