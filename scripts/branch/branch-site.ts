import { createHash } from "node:crypto";
import { Problem } from "../setup/problem.ts";

/** Where the stack of a branch is: a project and ports of its own, which follow from the branch's name. */
export interface BranchSite {
  /** Prefix of all names on the engine. */
  readonly project: string;
  readonly ports: { readonly http: number; readonly https: number };
}

/** From here on, two for each branch; below the ports that Linux gives to outgoing connections (32768). */
const FIRST_PORT = 20_000;
const BRANCHES = 6000;
/** Names of containers are host names, of 63 characters at most, and have more behind the project. */
const LONGEST = 20;

/**
 * The place for a branch. Branches whose names differ in what a host name cannot have, or late, still have places of their own.
 * @param project of cdktf.json
 * @throws Problem without a branch, as after the checkout of a commit
 */
export function branchSite(project: string, branch: string): BranchSite {
  if (branch === "" || branch === "HEAD") {
    throw new Problem({
      what: "There is no branch here.",
      value: "a commit is checked out by itself",
      fix: "git switch to a branch, or --create one",
    });
  }
  const digest = createHash("sha256").update(branch).digest();
  const plain = branch
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  const short = plain.slice(0, LONGEST).replace(/-+$/, "");
  const name = short === branch ? short : `${short || "branch"}-${digest.toString("hex").slice(0, 4)}`;
  const http = FIRST_PORT + 2 * (digest.readUInt16BE(0) % BRANCHES);
  return { project: `${project}-${name}`, ports: { http, https: http + 1 } };
}
