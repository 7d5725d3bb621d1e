import type { Rule } from "./rule.ts";

export const adminModeUsed: Rule = {
  id: "admin-mode-used",
  statement: "An edge opens a way to an administration only where one of its applications has any.",
  source:
    "recipe 11; known failure: the paths are not those of an administration, so they were never closed either",
  check: ({ edges }) =>
    edges
      .filter(
        ({ admin, routes }) =>
          admin !== "disabled" && routes.every(({ adminPaths }) => adminPaths.length === 0),
      )
      .map(({ path, admin }) => ({
        path,
        got: `admin ${admin}, and no application that says where its administration is`,
        allowed: "admin disabled, or an application with an administration",
        fix: 'Remove admin, or write adminPaths: ["/admin"] in the source of an application.',
      })),
};
