import type { HostRole } from "./host.ts";

/** The one of a Swarm's hosts that is told what to run: the first manager, or the first host where none is named. */
export function managerAmong<T extends { readonly roles: readonly HostRole[] }>(
  hosts: readonly T[],
): T | undefined {
  return hosts.find(({ roles }) => roles.includes("manager")) ?? hosts[0];
}
