import { expect, test } from "vitest";
import type { SourceKind } from "../../../modules/app/source.ts";
import type { SessionPlace } from "../../../modules/rules/description.ts";
import { sessionsThatExpire } from "../../../modules/rules/sessions-that-expire.ts";
import { app, described, job } from "../../support/description.ts";

const jobs = [job({ task: "expire-sessions" })];
const check = (kind: SourceKind, sessions: SessionPlace) =>
  sessionsThatExpire.check(described({ apps: [app({ kind, sessions, jobs })] }));

test.each([
  ["web2py", "files"],
  ["web2py", "database"],
  ["py4web", "database"],
  ["wsgi", "files"],
] as const)("sessions of %s in %s can be cleaned up", (kind, sessions) => {
  expect(check(kind, sessions)).toEqual([]);
});

test.each([
  ["web2py", "cookies", "in cookies"],
  ["py4web", "cache", "in a cache, which forgets them by itself"],
  ["web2py", "sticky", "files of each node's own, which go with it"],
  ["wsgi", "database", "rows that only the application knows"],
] as const)("those of %s in %s are a violation", (kind, sessions, got) => {
  expect(check(kind, sessions)).toMatchObject([
    {
      path: "prod/shop",
      got: `a job that expires sessions, which are ${got}`,
      fix: "Remove Job.expireSessions, or keep the sessions there.",
    },
  ]);
});

test("without such a job they may be anywhere", () => {
  expect(
    sessionsThatExpire.check(described({ apps: [app({ sessions: "cookies", jobs: [job()] })] })),
  ).toEqual([]);
});
