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
          .filter(({ sessions, sharedFolders }) => sessions === "files" && sharedFolders === undefined)
          .map(({ path, name }) => ({
            path,
            got: "sessions in files of the nodes' own",
            allowed: "sessions in cookies or the database, or shared folders",
            fix: `Write sessions: Sessions.in(db), or ${name}.uses(shared).`,
          })),
};
