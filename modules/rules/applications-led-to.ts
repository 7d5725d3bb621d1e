import type { Role } from "../engine/workload.ts";
import type { Rule } from "./rule.ts";

const LEADING: readonly Role[] = ["edge", "balancer"];

export const applicationsLedTo: Rule = {
  id: "applications-led-to",
  statement: "In an environment with an edge, every application is led to.",
  source:
    "known failure: an application is added, its route is forgotten, and its nodes are healthy and idle",
  check: ({ workloads }) => {
    // A network of an application is shared with what leads to it: an edge, or a balancer before it.
    const leading = workloads.filter(({ workload }) => LEADING.includes(workload.role));
    const led = new Set(leading.flatMap(({ workload }) => workload.networks.map(({ name }) => `${name}`)));
    return leading.length === 0
      ? []
      : workloads
          .filter(({ workload }) => workload.role === "app")
          .filter(({ workload }) => !workload.networks.some(({ name }) => led.has(`${name}`)))
          .map(({ path, workload }) => ({
            path,
            got: "no route to it",
            allowed: "a route of an edge",
            fix: `Write Route.to(${workload.name}, { at: "/${workload.name}" }) in the edge, or remove the application.`,
          }));
  },
};
