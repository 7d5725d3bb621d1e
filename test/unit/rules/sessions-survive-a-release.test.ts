import { expect, test } from "vitest";
import { sessionsSurviveARelease } from "../../../modules/rules/sessions-survive-a-release.ts";
import { app, described } from "../../support/description.ts";

const STICKY = { sessions: "sticky", nodes: 1 } as const;

test.each([
  { sessions: "database" },
  { sessions: "cookies" },
  { sessions: "cache" },
  { sessions: "files" },
] as const)("%j is good", (changes) => {
  expect(sessionsSurviveARelease.check(described({ apps: [app(changes)] }))).toEqual([]);
});

test("files of a single node are a violation", () => {
  expect(sessionsSurviveARelease.check(described({ apps: [app(STICKY)] }))).toEqual([
    {
      path: "prod/shop",
      got: "sessions in files of the nodes' own",
      allowed: "sessions in cookies, a database, a cache or shared folders",
      fix: "Write sessions: Sessions.in(db) or Sessions.inFiles(shared).",
    },
  ]);
});

test("development may sign out", () => {
  expect(sessionsSurviveARelease.check(described({ purpose: "development", apps: [app(STICKY)] }))).toEqual(
    [],
  );
});
