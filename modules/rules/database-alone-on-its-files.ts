import type { Rule } from "./rule.ts";

export const databaseAloneOnItsFiles: Rule = {
  id: "database-alone-on-its-files",
  statement: "The files of a database belong to one running server at a time.",
  source:
    "known failure: two PostgreSQL servers on one folder destroy it, and the lock file does not cross containers",
  check: ({ workloads }) =>
    workloads
      .filter(({ workload }) => workload.role === "database" || workload.role === "replica")
      .flatMap(({ path, workload }) => {
        const { replicas, release, volumes } = workload;
        const files = new Set(
          volumes
            .filter(({ readOnly, volume }) => !readOnly && !volume.shared)
            .map(({ volume }) => volume.name),
        );
        const others = workloads.filter(
          (other) =>
            other.path !== path &&
            other.workload.volumes.some(({ volume, readOnly }) => !readOnly && files.has(volume.name)),
        );
        const found = [
          ...(replicas > 1 ? [`${replicas} instances on one volume`] : []),
          ...(release === "start-first"
            ? ["a release that starts the next server before it stops the last"]
            : []),
          ...others.map((other) => `a volume that ${other.path} writes to as well`),
        ];
        return found.map((got) => ({
          path,
          got,
          allowed: 'one instance, release "stop-first" and volumes of its own',
          fix: "Describe each server as a workload with its own volume.",
        }));
      }),
};
