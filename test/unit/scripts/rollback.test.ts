import { describe, expect, test } from "vitest";
import { requireSchemas, schemasMoved } from "../../../scripts/release/obstacles.ts";
import { choose } from "../../../scripts/release/rollback.ts";
import { type Change, pausingNodes, stopsFirst } from "../../../scripts/stack/changes.ts";
import type { KeptRelease } from "../../../scripts/stack/releases.ts";

function kept(number: number, rollback?: KeptRelease["rollback"]): KeptRelease {
  return {
    ...{ number, time: "", who: "", commit: null, clean: null, project: "shop", stack: "prod" },
    ...{ configuration: "", images: {}, engine: "", schemas: { "db/shop": "1" }, folder: "" },
    ...(rollback && { rollback }),
  };
}

describe("the release to go back to", () => {
  const four = [kept(1), kept(2), kept(3), kept(4)];

  test("is the one before what runs", () => {
    expect(choose(four, undefined, true).number).toBe(3);
  });

  test("is the last that came to its end, where the last deployment did not", () => {
    expect(choose(four, undefined, false).number).toBe(4);
  });

  test("is a step further back each time, and never the one that was left", () => {
    const once = [...four, kept(5, { from: 4, to: 3 })];
    expect(choose(once, undefined, true).number).toBe(2);
    const twice = [...once, kept(6, { from: 5, to: 5 })];
    expect(choose(twice, undefined, true).number).toBe(2);
  });

  test("is the one that is named, if it is kept", () => {
    expect(choose(four, 1, true).number).toBe(1);
    expect(() => choose(four, 9, true)).toThrow("allowed: 1, 2, 3 and 4");
  });

  test("is none after the first", () => {
    expect(() => choose([kept(1)], undefined, true)).toThrow("There is no release to go back to.");
    expect(() => choose([], undefined, true)).toThrow("There is no release to go back to.");
  });
});

describe("a schema", () => {
  const then = kept(1);

  test("that is as it was is no obstacle, nor is a database that came since", () => {
    const moved = schemasMoved(then, { "db/shop": "1", "db/new": "2" });
    expect(moved).toEqual([]);
    expect(() => requireSchemas(then, moved, false)).not.toThrow();
  });

  test.each([
    ["has moved", { "db/shop": "2" }, "The schema of db/shop has changed since release 1."],
    ["is gone", {}, "The schema of db/shop has changed since release 1."],
    ["nobody tells", null, "Nobody knows whether release 1 fits the schema of the databases."],
  ])("that %s stops a rollback, unless it is meant", (_, now, message) => {
    const moved = schemasMoved(then, now);
    expect(() => requireSchemas(then, moved, false)).toThrow(message);
    expect(() => requireSchemas(then, moved, true)).not.toThrow();
  });
});

test("who stops before the successor starts is told", () => {
  const change = (name: string, planned: "replace" | "create"): Change => ({
    ...{ resource: { address: `docker_container.${name}`, type: "docker_container", name } },
    ...{ planned, text: "", state: "waiting" },
  });
  const declared = [
    { node: "db", order: "stop-first" },
    { node: "edge", order: "stop-first" },
    { node: "shop", order: "start-first" },
  ] as const;
  const all = [change("shop", "replace"), change("edge", "create"), change("db", "replace")];
  expect(pausingNodes(all, declared)).toEqual(["db"]);
  expect(stopsFirst(["db"])).toBe("db stops before its successor starts");
  expect(stopsFirst(["db", "edge"])).toBe("db and edge stop before their successors start");
});
