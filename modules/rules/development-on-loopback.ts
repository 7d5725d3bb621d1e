import { isLoopback } from "./loopback.ts";
import type { Rule } from "./rule.ts";

export const developmentOnLoopback: Rule = {
  id: "development-on-loopback",
  statement: "Development is reached from its own machine only.",
  source:
    "known failure: Docker's address translation goes around the firewall, and a café sees what is not finished",
  check: ({ purpose, workloads }) =>
    purpose === "production"
      ? []
      : workloads
          .filter(({ workload }) => workload.role === "edge")
          .flatMap(({ path, workload }) =>
            workload.ports
              .filter(({ address }) => !isLoopback(address))
              .map(({ address, host }) => ({
                path,
                got: `${address}:${host} published`,
                allowed: "an address such as 127.0.0.1",
                fix: "Set the target's address to 127.0.0.1, or waive this rule for as long as a colleague has to look.",
              })),
          ),
};
