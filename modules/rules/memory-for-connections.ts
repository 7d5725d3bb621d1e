import type { Rule } from "./rule.ts";

/** MiB that a connection takes for itself, at least: its process, its catalogue, its plans. */
const EACH = 1.5;

export const memoryForConnections: Rule = {
  id: "memory-for-connections",
  statement: "A database has memory for all the connections that it accepts.",
  source: "recipe 10; known failure: the kernel kills one connection's process, and PostgreSQL ends them all",
  check: ({ databases, workloads }) =>
    databases.flatMap(({ path, maxConnections }) => {
      const memory = workloads.find((other) => other.path === path && other.workload.role !== "pooler")
        ?.workload.limits.memory;
      // A quarter is shared buffers (modules/postgres/tuning.ts).
      const enough = Math.ceil((maxConnections * EACH * 4) / 3);
      if (memory === undefined || memory.mebibytes >= enough) return [];
      return [
        {
          path,
          got: `memory ${memory} for ${maxConnections} connections`,
          allowed: `at least ${enough} MiB`,
          fix: `Write memory: "${enough} MiB", or lower connections.`,
        },
      ];
    }),
};
