import type { Capability, Workload } from "../engine/workload.ts";
import type { Rule } from "./rule.ts";

/** All that a start needs to become another user, and what that user may keep. */
const HANDED_ON: readonly Capability[] = ["SETUID", "SETGID", "DAC_READ_SEARCH"];

/** Whether its entrypoint is root for no longer than it takes to become another user, and could do no other harm. */
function goesOver({ becomes = 0, capabilities }: Workload): boolean {
  return becomes !== 0 && capabilities.every((capability) => HANDED_ON.includes(capability));
}

export const processesUnprivileged: Rule = {
  id: "processes-unprivileged",
  statement: "No workload runs as root, but for a start that takes a capability along to the user it is for.",
  source:
    "CIS Docker Benchmark 4.1: a way out of the container is then a way to root on the host; the engine gives no capability to a process that does not start as root",
  check: ({ workloads }) =>
    workloads
      .filter(({ workload }) => workload.user === 0 && !goesOver(workload))
      .map(({ path }) => ({
        path,
        got: "user 0",
        allowed: "a user other than 0",
        fix: "Create a user in the image and name its number.",
      })),
};
