import { expect, test } from "vitest";
import { sessionsSurviveARelease } from "../../../modules/rules/sessions-survive-a-release.ts";
import { app, described } from "../../support/description.ts";

const LOCAL_FILES = { sessions: "files", sharedFolders: undefined, nodes: 1 } as const;

test.each([
  { sessions: "database", sharedFolders: undefined },
  { sessions: "cookies", sharedFolders: undefined },
  { sessions: "files", sharedFolders: "prod/shared" },
] as const)("%j is good", (changes) => {
  expect(sessionsSurviveARelease.check(described({ apps: [app(changes)] }))).toEqual([]);
});

test("files of a single node are a violation", () => {
  expect(sessionsSurviveARelease.check(described({ apps: [app(LOCAL_FILES)] }))).toEqual([
    {
      path: "prod/shop",
      got: "sessions in files of the nodes' own",
      allowed: "sessions in cookies or the database, or shared folders",
      fix: "Write sessions: Sessions.in(db), or shop.uses(shared).",
    },
  ]);
});

test("development may sign out", () => {
  expect(
    sessionsSurviveARelease.check(described({ purpose: "development", apps: [app(LOCAL_FILES)] })),
  ).toEqual([]);
});
