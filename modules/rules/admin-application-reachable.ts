import type { Rule } from "./rule.ts";

/** Those of web2py and py4web. */
export const ADMINISTRATIONS: readonly string[] = ["admin", "_dashboard"];

export const adminApplicationReachable: Rule = {
  id: "admin-application-reachable",
  statement: "An administration is deployed only where an edge leads to it.",
  source: "recipes 11 and 20: where nobody can use it, it can only be misused",
  check: ({ apps, edges }) =>
    apps.flatMap(({ path, name, stockApplications }) => {
      const found = stockApplications.filter((application) => ADMINISTRATIONS.includes(application));
      const leading = edges.filter(({ routes }) => routes.some(({ app }) => app === name));
      if (found.length === 0 || leading.length === 0 || leading.some(({ admin }) => admin !== "disabled"))
        return [];
      return [
        {
          path,
          got: `application ${found.join(", ")}, while admin is disabled in ${leading.map((edge) => edge.path).join(", ")}`,
          allowed: "no such application, or a way to it",
          fix: `Leave ${found.join(", ")} out of the source, or write admin: Admin.throughTunnel() in the edge.`,
        },
      ];
    }),
};
