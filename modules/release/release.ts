/**
 * What a deployment leaves of itself: a folder for each release, with its record and all that a rollback needs, and one
 * line in an audit log. Text of the stack only, so that no secret is in it.
 */

/** The record of a release in its folder. */
export const RELEASE_FILE = "release.json";
/** Of all deployments of a stack, one JSON object a line; only ever added to. */
export const AUDIT_FILE = "audit.jsonl";
/** What the stack was written from, beside `cdk.tf.json`. */
export const REVISION_FILE = "revision.json";
/** How many releases are kept, the one that runs included. */
export const KEPT_RELEASES = 10;

/** What a stack was written from. */
export interface Revision {
  /** The commit of the project, 40 hexadecimal digits; null outside of git. */
  readonly commit: string | null;
  /** Whether the files were those of the commit; null outside of git. */
  readonly clean: boolean | null;
  /** Set where this is an earlier release again. */
  readonly rollback?: { readonly from: number; readonly to: number };
}

/** An image of a release: by the name that it was built under, and by the digest that makes it the same for ever. */
export interface ReleasedImage {
  readonly name: string;
  /** `sha256:…` */
  readonly id: string;
}

/** What Terraform knows of a release; its change makes a new one. */
export interface Deployed {
  readonly project: string;
  readonly stack: string;
  /** Digest of all resources, as the stack wrote them. */
  readonly configuration: string;
  /** By the name of the resource. */
  readonly images: Readonly<Record<string, ReleasedImage>>;
  /** In words, such as `Docker on this machine`. */
  readonly engine: string;
}

/** A release that came to its end. */
export interface Release extends Deployed, Revision {
  /** Counts up. */
  readonly number: number;
  /** When everything of it was healthy, ISO 8601. */
  readonly time: string;
  /** `user@host` who deployed it. */
  readonly who: string;
  /**
   * Digest of each database's schema as `pg_dump` told it after the release, by `<node>/<database>`; null where the
   * server did not tell it.
   */
  readonly schemas: Readonly<Record<string, string>> | null;
}

/** One line of the audit log. */
export interface AuditLine extends Revision {
  readonly time: string;
  readonly who: string;
  readonly stack: string;
  /** Number of the release; null where none came of it. */
  readonly release: number | null;
  readonly outcome: "released" | "failed" | "interrupted";
  /** Why it failed, in one line. */
  readonly reason?: string;
}
