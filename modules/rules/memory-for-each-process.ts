import { Size } from "../values/size.ts";
import type { Rule } from "./rule.ts";

/** Python with a small framework, and no data yet; measured with uWSGI. */
const LEAST = Size.mebibytes(32);

export const memoryForEachProcess: Rule = {
  id: "memory-for-each-process",
  statement: "Each process of an application has room for Python and its code.",
  source:
    "known failure: a process is replaced for its size after every request, or killed in the middle of one",
  check: ({ apps, workloads }) =>
    apps.flatMap(({ path, processes }) => {
      const memory = workloads.find((other) => other.path === path)?.workload.limits.memory;
      // A quarter of a node's memory is not for its processes (modules/app/server/uwsgi-ini.ts).
      const share = ((memory?.bytes ?? Number.POSITIVE_INFINITY) * 3) / 4 / processes;
      if (memory === undefined || share >= LEAST.bytes) return [];
      const enough = Math.ceil((LEAST.mebibytes * processes * 4) / 3);
      return [
        {
          path,
          got: `memory ${memory} for ${processes} processes`,
          allowed: `at least ${enough} MiB`,
          fix: `Write memory: "${enough} MiB", or Concurrency.threads(${processes}) where the code is thread-safe.`,
        },
      ];
    }),
};
