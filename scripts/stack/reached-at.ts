import type { StackHost } from "./stack-host.ts";

/** The address at which this machine reaches what a host publishes at an address, which may stand for all that it has. */
export function reachedAt(address: string, { host }: Pick<StackHost, "host">): string {
  if (address !== "0.0.0.0" && address !== "::") return address;
  return host.ssh?.hostname ?? (address === "::" ? "::1" : "127.0.0.1");
}
