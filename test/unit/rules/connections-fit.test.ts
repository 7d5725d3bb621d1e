import { expect, test } from "vitest";
import { connectionsFit } from "../../../modules/rules/connections-fit.ts";
import { app, described, externalDatabase, server } from "../../support/description.ts";

const check = (maxConnections: number, ...wanted: number[]) =>
  connectionsFit.check(
    described({
      databases: [server({ maxConnections })],
      apps: wanted.map((connections, at) =>
        app({ path: `prod/app-${at}`, name: `app-${at}`, connections: { "prod/db": connections } }),
      ),
    }),
  );

test("what fits is good, to the last connection", () => {
  expect(connectionsFit.check(described())).toEqual([]);
  expect(check(70, 60)).toEqual([]);
  expect(check(70, 40, 20)).toEqual([]);
});

test("one connection too many, of all applications together, is a violation", () => {
  expect(check(69, 40, 20)).toEqual([
    {
      path: "prod/db",
      got: "connections: 69, while the applications may open 60 and 10 are kept free",
      allowed: "at least 70",
      fix: "Write connections: 70, or lower nodes or concurrency of an application.",
    },
  ]);
});

test("the fix is one that mends it", () => {
  const [violation] = check(10, 100, 200);
  expect(check(Number(/\d+/.exec(violation?.fix ?? "")?.[0]), 100, 200)).toEqual([]);
});

test("connections to another database do not count", () => {
  const environment = described({
    databases: [server({ maxConnections: 20 })],
    apps: [app({ connections: { "prod/other": 500 } })],
  });
  expect(connectionsFit.check(environment)).toEqual([]);
});

test("behind a pooler of transactions its connections count, however many clients there are", () => {
  const check = (maxConnections: number) =>
    connectionsFit.check(
      described({
        databases: [server({ maxConnections, pool: { mode: "transaction", size: 20, opened: 33 } })],
        apps: [app({ connections: { "prod/db": 5000 } })],
      }),
    );
  expect(check(43)).toEqual([]);
  expect(check(42)).toEqual([
    {
      path: "prod/db",
      got: "connections: 42, while the pooler and migrations may open 33 and 10 are kept free",
      allowed: "at least 43",
      fix: "Write connections: 43, or lower the size of the pooler.",
    },
  ]);
});

test("a pool of sessions has one for each client of an application", () => {
  const check = (size: number) =>
    connectionsFit.check(
      described({
        databases: [server({ pool: { mode: "session", size, opened: size + 8 } })],
        apps: [app({ connections: { "prod/db": 60 } }), app({ connections: { "prod/db": 30 } })],
      }),
    );
  expect(check(60)).toEqual([]);
  expect(check(59)).toEqual([
    {
      path: "prod/db",
      got: "size: 59, while shop may open 60",
      allowed: "at least 60",
      fix: "Write size: 60, or share them with Pooler.transactions().",
    },
  ]);
});

test("of an external server the role's share counts, where it was said", () => {
  const violations = (maxConnections: number | undefined) =>
    connectionsFit.check(
      described({
        externalDatabases: [externalDatabase({ maxConnections })],
        apps: [app({ connections: { "prod/crm": 60 } })],
      }),
    );
  expect(violations(undefined)).toEqual([]);
  expect(violations(60)).toEqual([]);
  expect(violations(59)).toMatchObject([
    { path: "prod/crm", got: "connections: 59, while the applications may open 60", allowed: "at least 60" },
  ]);
});

test.each([
  0,
  -5,
  Number.NaN,
])("%d connections are a violation even without applications", (maxConnections) => {
  expect(check(maxConnections)).toHaveLength(1);
});
