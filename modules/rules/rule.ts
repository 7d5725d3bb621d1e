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
  | "acme-reaches-the-site"
  | "admin-application-reachable"
  | "admin-applications-left-out"
  | "admin-mode-used"
  | "admin-on-loopback"
  | "admin-password-generated"
  | "applications-led-to"
  | "backup-apart-from-data"
  | "balancer-has-nodes"
  | "certificate-trusted"
  | "clients-known-to-the-edge"
  | "connections-fit"
  | "data-backed-up"
  | "data-kept"
  | "database-alone-on-its-files"
  | "database-apart-from-shared-folders"
  | "development-on-loopback"
  | "edge-has-routes"
  | "environment-without-secrets"
  | "external-databases-verified"
  | "file-server-on-one-host"
  | "files-without-secrets"
  | "host-ports-distinct"
  | "installation-not-shared"
  | "jobs-distinct"
  | "jobs-end-in-time"
  | "managers-agree"
  | "memory-for-connections"
  | "memory-for-each-process"
  | "memory-for-the-job"
  | "names-distinct"
  | "nodes-reach-their-files"
  | "only-the-edge-publishes"
  | "ports-on-every-address"
  | "processes-unprivileged"
  | "published-ports-stop-first"
  | "replica-beside-its-primary"
  | "roles-on-hosts"
  | "routes-clear-of-administrations"
  | "routes-clear-of-static-files"
  | "routes-distinct"
  | "routes-known-to-applications"
  | "services-on-internal-networks"
  | "services-used"
  | "sessions-on-every-node"
  | "sessions-survive-a-release"
  | "sessions-that-expire"
  | "shared-folders-lock"
  | "shares-for-shared-folders"
  | "state-keeps-secrets"
  | "stickiness-at-the-balancer"
  | "stop-grace"
  | "storage-redundant"
  | "schemas-without-pooler"
  | "tickets-within-reach";

/** A rule that is set aside on purpose, with the reason that a reviewer reads. */
export interface Waiver {
  readonly rule: RuleId;
  /** Construct path it holds for. @default everywhere in the stack */
  readonly path?: string;
  readonly reason: string;
}
