import { ADMINISTRATIONS } from "./admin-application-reachable.ts";
import type { Rule } from "./rule.ts";

export const adminApplicationsLeftOut: Rule = {
  id: "admin-applications-left-out",
  statement: "Production leaves out the applications that a framework brings along.",
  source: "recipe 20: nobody needs them there, and whoever finds a hole in them is in",
  check: ({ purpose, apps }) =>
    purpose === "development"
      ? []
      : apps
          .map(({ path, stockApplications }) => ({
            path,
            // An administration may be wanted: `admin-application-reachable` looks at it.
            found: stockApplications.filter((name) => !ADMINISTRATIONS.includes(name)),
          }))
          .filter(({ found }) => found.length > 0)
          .map(({ path, found }) => ({
            path,
            got: `applications ${found.join(", ")}`,
            allowed: "the team's own applications",
            fix: `Leave ${found.join(", ")} out of the source.`,
          })),
};
