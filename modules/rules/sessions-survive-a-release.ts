import type { Rule } from "./rule.ts";

export const sessionsSurviveARelease: Rule = {
  id: "sessions-survive-a-release",
  statement: "In production a release signs nobody out.",
  source:
    "recipes 12 and 13; known failure: files in a container go with the container, on one node as on many",
  check: ({ purpose, apps }) =>
    purpose === "development"
      ? []
      : apps
          .filter(({ sessions }) => sessions === "sticky")
          .map(({ path }) => ({
            path,
            got: "sessions in files of the nodes' own",
            allowed: "sessions in cookies, a database, a cache or shared folders",
            fix: "Write sessions: Sessions.in(db) or Sessions.inFiles(shared).",
          })),
};
