import { expect, test } from "vitest";
import { connectionsFit } from "../../../modules/rules/connections-fit.ts";
import { app, described, server } from "../../support/description.ts";

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

test.each([
  0,
  -5,
  Number.NaN,
])("%d connections are a violation even without applications", (maxConnections) => {
  expect(check(maxConnections)).toHaveLength(1);
});
