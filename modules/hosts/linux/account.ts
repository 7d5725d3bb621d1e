import type { WrittenWorkload } from "../../engine/written-workload.ts";

/** Who the processes of a workload are on a host. */
export interface Account {
  readonly name: string;
  /** As in the containers; undefined for one that a package makes. */
  readonly id: number | undefined;
}

/** By the number that the image gives it. */
const NAMES: Readonly<Record<number, string>> = {
  8000: "slipway-app",
  8080: "slipway-balancer",
  8443: "slipway-edge",
  11211: "slipway-cache",
};

export function accountOf({ role, user }: WrittenWorkload): Account {
  // PostgreSQL lets in by the name of the account, and its packages bring it.
  if (role === "database") return { name: "postgres", id: undefined };
  return { name: NAMES[user] ?? `slipway-${user}`, id: user };
}
