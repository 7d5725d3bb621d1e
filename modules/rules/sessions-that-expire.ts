import type { DescribedApp } from "./description.ts";
import type { Rule } from "./rule.ts";

export const sessionsThatExpire: Rule = {
  id: "sessions-that-expire",
  statement: "Sessions are cleaned up where they are files or rows, and nowhere else.",
  source:
    "recipe 15: cookies and caches forget by themselves, and a job that finds nothing only looks like a clean-up",
  check: ({ apps }) =>
    apps
      .filter((app) => app.jobs.some(({ task }) => task === "expire-sessions") && !expirable(app))
      .map(({ path, kind, sessions }) => ({
        path,
        got: `a job that expires sessions, which are ${PLACES[sessions]}`,
        allowed:
          kind === "wsgi" ? "sessions in shared files" : "sessions in shared files (web2py) or in a database",
        fix: "Remove Job.expireSessions, or keep the sessions there.",
      })),
};

const PLACES = {
  cookies: "in cookies",
  cache: "in a cache, which forgets them by itself",
  database: "rows that only the application knows",
  files: "files that the framework does not have",
  sticky: "files of each node's own, which go with it",
} as const;

function expirable({ kind, sessions }: DescribedApp): boolean {
  if (sessions === "files") return kind !== "py4web";
  return sessions === "database" && kind !== "wsgi";
}
