import type { Rule } from "./rule.ts";

export const adminApplicationsLeftOut: Rule = {
  id: "admin-applications-left-out",
  statement: "Production leaves out the applications that a framework brings along.",
  source: "recipes 11 and 20: an exposed admin or dashboard hands over the server",
  check: ({ purpose, apps }) =>
    purpose === "development"
      ? []
      : apps
          .filter(({ stockApplications }) => stockApplications.length > 0)
          .map(({ path, stockApplications }) => ({
            path,
            got: `applications ${stockApplications.join(", ")}`,
            allowed: "the team's own applications",
            fix: `Remove ${stockApplications.join(", ")} from the source's folder.`,
          })),
};
