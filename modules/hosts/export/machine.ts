import { isIPv4 } from "node:net";
import { isLoopback } from "../../rules/loopback.ts";
import { Cidr } from "../../values/cidr.ts";
import { InvalidValue } from "../../values/invalid-value.ts";
import { Name } from "../../values/name.ts";

/** A machine that takes workloads of a stack. */
export interface Machine {
  readonly name: string;
  /** What the other machines reach it at, IPv4. */
  readonly address: string;
  /** Names of instances, such as `db` or `guestbook-2`. */
  readonly instances: readonly string[];
}

const LOOPBACK = "127.0.0.1";
/** "This network" (RFC 6890), groups (RFC 5771), and what is reserved behind them, with the broadcast address. */
const OF_NO_MACHINE = [Cidr.of("0.0.0.0/8"), Cidr.of("224.0.0.0/3")];

/** One machine that has everything, where nobody else gets in but at the edge. */
export function oneMachine(instances: readonly string[]): readonly Machine[] {
  return [{ name: "localhost", address: LOOPBACK, instances }];
}

/**
 * Reads machines as they are written on a command line: `web=10.0.0.11:edge,guestbook`. The name of a workload stands for
 * all of its instances that are named nowhere else.
 * @param workloads instances of each workload, by its name
 * @throws InvalidValue for a text of another form, for an address by which no other machine reaches it, for an instance that
 * is nowhere or twice, and for one that there is not
 */
export function machinesOf(
  texts: readonly string[],
  workloads: ReadonlyMap<string, readonly string[]>,
): readonly Machine[] {
  if (texts.length === 0) return oneMachine([...workloads.values()].flat());
  const written = texts.map(parse);
  if (written.length > 1) written.forEach(requireReachable);
  const named = new Set(written.flatMap(({ instances }) => instances));
  const machines = written.map((machine) => ({
    ...machine,
    instances: machine.instances.flatMap((word) => {
      const instances = workloads.get(word);
      if (instances === undefined || instances.includes(word)) return [word];
      return instances.filter((instance) => !named.has(instance));
    }),
  }));
  const known = [...workloads.values()].flat();
  const placed = machines.flatMap(({ instances }) => instances);
  const refuse = (got: string, fix: string) => {
    throw new InvalidValue({
      what: "machines of an export",
      got,
      allowed: `each of these once: ${known.join(", ")}`,
      fix,
    });
  };
  for (const one of placed) {
    if (!known.includes(one)) refuse(one, "Name a workload of the stack, or one of its instances");
    if (placed.filter((other) => other === one).length > 1) refuse(`${one} twice`, "Leave it on one machine");
  }
  const missing = known.filter((one) => !placed.includes(one));
  if (missing.length > 0) refuse(`nowhere: ${missing.join(", ")}`, "Add them to one of the machines");
  for (const key of ["name", "address"] as const) {
    const values = machines.map((machine) => machine[key]);
    const twice = values.find((value, at) => values.indexOf(value) !== at);
    if (twice !== undefined) refuse(`${key} ${twice} twice`, "Give each machine its own");
  }
  return machines;
}

function parse(text: string): Machine {
  const [, name = "", address = "", instances = ""] = /^([^=]+)=([\d.]+):([a-z0-9,-]+)$/.exec(text) ?? [];
  // With leading zeros it is none: some read 010 as 8, and the address of another machine could be written twice.
  if (instances === "" || !isIPv4(address)) {
    throw new InvalidValue({
      what: "machine of an export",
      got: text,
      allowed: "a name, an IPv4 address without leading zeros, and the workloads on it",
      fix: "Write it like web=10.0.0.11:edge,guestbook",
    });
  }
  if (OF_NO_MACHINE.some((network) => network.contains(address))) throw addressRefused({ name, address });
  return { name: Name.of(name).text, address, instances: instances.split(",").filter((one) => one !== "") };
}

/** @throws InvalidValue for an address that leads from each machine to itself */
function requireReachable(machine: Machine): void {
  if (isLoopback(machine.address)) throw addressRefused(machine);
}

function addressRefused({ name, address }: Pick<Machine, "name" | "address">): InvalidValue {
  return new InvalidValue({
    what: `address of the machine ${name}`,
    got: address,
    allowed: `one that the other machines reach it at, outside of 127.0.0.0/8, ${OF_NO_MACHINE.join(" and ")}`,
    fix: "Write the one of its interface in the network of these machines, such as 10.0.0.11",
  });
}
