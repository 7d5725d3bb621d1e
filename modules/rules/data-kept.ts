import type { Rule } from "./rule.ts";

export const dataKept: Rule = {
  id: "data-kept",
  statement: "Outside of development no deploy can destroy the files of a database.",
  source: "known failure: an edited driver option replaces the volume, and Terraform deletes the old one",
  check: ({ purpose, workloads }) =>
    purpose === "development"
      ? []
      : workloads
          .filter(({ workload }) => workload.role === "database")
          .flatMap(({ path, workload }) =>
            workload.volumes
              .filter(({ volume }) => !volume.keep && !volume.shared)
              .map(({ volume }) => ({
                path,
                got: `volume ${volume.name} that a deploy may destroy`,
                allowed: "volumes that are kept",
                fix: "Leave out keep: false.",
              })),
          ),
};
