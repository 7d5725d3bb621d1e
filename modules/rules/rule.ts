import type { Description } from "./description.ts";

/** One place where an environment breaks a rule. */
export interface Violation {
  /** Construct path. */
  readonly path: string;
  /** The value found. */
  readonly got: string;
  /** What would have been accepted. */
  readonly allowed: string;
  /** What to change, as an imperative. */
  readonly fix: string;
}

/** A pure check of an environment, with the reason it exists. */
export interface Rule {
  /** Stable, in kebab case; waivers name it. */
  readonly id: RuleId;
  /** One sentence that is true of every good environment. */
  readonly statement: string;
  /** The recipe (`recipe 12`) or the known failure behind it. */
  readonly source: string;
  check(environment: Description): readonly Violation[];
}

/** The rules by name, so that a waiver for one that does not exist fails to compile. */
export type RuleId =
  | "admin-applications-left-out"
  | "certificate-trusted"
  | "connections-fit"
  | "data-kept"
  | "database-apart-from-shared-folders"
  | "environment-without-secrets"
  | "host-ports-distinct"
  | "memory-for-the-job"
  | "names-distinct"
  | "only-the-edge-publishes"
  | "processes-unprivileged"
  | "routes-distinct"
  | "sessions-in-a-used-database"
  | "sessions-on-every-node"
  | "shared-folders-lock"
  | "stop-grace";

/** A rule that is set aside on purpose, with the reason that a reviewer reads. */
export interface Waiver {
  readonly rule: RuleId;
  /** Construct path it holds for. @default everywhere in the stack */
  readonly path?: string;
  readonly reason: string;
}
