import { ADMIN_LISTENER } from "../edge/admin.ts";
import { isLoopback } from "./loopback.ts";
import type { Rule } from "./rule.ts";

export const adminOnLoopback: Rule = {
  id: "admin-on-loopback",
  statement: "The listener with the administration is published on the loopback address of the host only.",
  source: "recipe 11: whoever else reaches it needs nothing but the password to run code of his own",
  check: ({ workloads }) =>
    workloads
      .filter(({ workload }) => workload.role === "edge")
      .flatMap(({ path, workload }) =>
        workload.ports
          .filter(
            ({ container, address }) => container.number === ADMIN_LISTENER.number && !isLoopback(address),
          )
          .map(({ address, host }) => ({
            path,
            got: `${address}:${host}, which leads to port ${ADMIN_LISTENER} of the edge`,
            allowed: "an address such as 127.0.0.1",
            fix: "Publish it on 127.0.0.1, and reach it with `npm run admin`.",
          })),
      ),
};
