import { expect, test } from "vitest";
import type { StickyBy } from "../../../modules/edge/stickiness.ts";
import { sessionsOnEveryNode } from "../../../modules/rules/sessions-on-every-node.ts";
import { Name } from "../../../modules/values/name.ts";
import { app, balancer, described, edge, front, route } from "../../support/description.ts";

const STICKY = { sessions: "sticky" } as const;
const toShop = (sticky: StickyBy, at = "/") => route({ at, sticky });

test("sessions in the database are good", () => {
  expect(sessionsOnEveryNode.check(described())).toEqual([]);
});

test("files of each node are a violation", () => {
  expect(sessionsOnEveryNode.check(described({ apps: [app({ ...STICKY, nodes: 3 })] }))).toEqual([
    {
      path: "prod/shop",
      got: "3 nodes with sessions in files that are not shared, and routes without stickiness",
      allowed: "sessions in cookies, a database, a cache or shared folders, or sticky routes",
      fix: "Write sessions: Sessions.in(db) or Sessions.inFiles(shared), or Route.to(shop, { sticky: Stickiness.byCookie() }).",
    },
  ]);
});

test("files are good on a single node", () => {
  expect(sessionsOnEveryNode.check(described({ apps: [app({ ...STICKY, nodes: 1 })] }))).toEqual([]);
});

test("files are good in shared folders", () => {
  expect(sessionsOnEveryNode.check(described({ apps: [app({ sessions: "files" })] }))).toEqual([]);
});

test("files are good when every route is sticky", () => {
  const apps = [app(STICKY)];
  const edges = [edge({ routes: [toShop("cookie"), route({ app: "other", at: "/other" })] })];
  expect(sessionsOnEveryNode.check(described({ apps, edges }))).toEqual([]);
});

test.each([
  ["one route is not sticky", [toShop("cookie"), toShop("nothing", "/too")]],
  ["only another application's route is", [route({ app: "other", sticky: "cookie" })]],
  ["no route leads there", []],
])("files are a violation when %s", (_, routes) => {
  const environment = described({ apps: [app(STICKY)], edges: [edge({ routes })] });
  expect(sessionsOnEveryNode.check(environment)).toHaveLength(1);
});

test("every edge counts", () => {
  const edges = [
    edge({ routes: [toShop("cookie")] }),
    edge({ path: "prod/second", routes: [toShop("nothing")] }),
  ];
  expect(sessionsOnEveryNode.check(described({ apps: [app(STICKY)], edges }))).toHaveLength(1);
});

test.each<[StickyBy, StickyBy, number]>([
  ["cookie", "nothing", 0],
  ["address", "nothing", 0],
  ["nothing", "nothing", 1],
  ["nothing", "cookie", 1],
])("behind a balancer by %s, with a route by %s, there are %d violations", (sticky, byRoute, violations) => {
  const environment = described({
    workloads: [front({ networks: [{ name: Name.of("balancer"), internal: true }] })],
    apps: [app(STICKY)],
    edges: [edge({ routes: [toShop(byRoute)] })],
    balancers: [balancer({ sticky })],
  });
  expect(sessionsOnEveryNode.check(environment)).toHaveLength(violations);
});
