import { expect, test } from "vitest";
import { ticketsWithinReach } from "../../../modules/rules/tickets-within-reach.ts";
import { app, described, job } from "../../support/description.ts";

const jobs = [job({ task: "collect-tickets" })];

test("tickets in shared folders are good, and those that nobody collects", () => {
  const apps = [
    app({ kind: "web2py", jobs }),
    app({ kind: "py4web", jobs }),
    app({ sharedFolders: undefined }),
  ];
  expect(ticketsWithinReach.check(described({ apps }))).toEqual([]);
});

test("tickets in the nodes are a violation", () => {
  const apps = [app({ kind: "web2py", sharedFolders: undefined, jobs })];
  expect(ticketsWithinReach.check(described({ apps }))).toEqual([
    {
      path: "prod/shop",
      got: "a job that collects tickets, and no shared folders",
      allowed: "shared folders, where nodes leave their tickets",
      fix: "Write shop.uses(shared).",
    },
  ]);
});

test("a plain WSGI application has none", () => {
  expect(ticketsWithinReach.check(described({ apps: [app({ jobs })] }))).toMatchObject([
    { got: "a job that collects tickets of a plain WSGI application" },
  ]);
});
