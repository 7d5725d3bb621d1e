import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  declaredCounts,
  extendedFile,
  isSourceOf,
  withCount,
} from "../../../scripts/scale/declared-count.ts";

const SOURCE = `
export class Prod extends Environment {
  constructor(scope: Construct, target: Target) {
    super(scope, "prod", { engine: Docker.local(), purpose: "production" });
    const cache = new Memcached(this, "cache", { memory: "128 MiB", instances: 2 });
    const shop = new App<"files">(this, "shop", { source, nodes: 4 });
    const admin = new App(this, "admin", { source, nodes: target.nodes ?? 2 });
    const values = { "tool": { nodes: 3 } } satisfies Values;
  }
}
`;

describe("counts in the source of a stack", () => {
  test("are found where a construct or a value says them, with their place", () => {
    const counts = declaredCounts(SOURCE);
    expect(counts.map(({ workload, key, count, line }) => [workload, key, count, line])).toEqual([
      ["cache", "instances", 2, 5],
      ["shop", "nodes", 4, 6],
      ["admin", "nodes", undefined, 7],
      ["tool", "nodes", 3, 8],
    ]);
  });

  test("are replaced in their place, and nothing else is", () => {
    const shop = declaredCounts(SOURCE)[1];
    if (shop === undefined) throw new Error("not found");
    const after = withCount(SOURCE, shop, 12);
    expect(after).toBe(SOURCE.replace("nodes: 4", "nodes: 12"));
  });

  test("are those of the stack that hands its name on", () => {
    expect(isSourceOf("prod", SOURCE)).toBe(true);
    expect(isSourceOf("dev", SOURCE)).toBe(false);
    const shipped = (name: string) => readFileSync(`stacks/${name}.ts`, "utf8");
    for (const name of ["dev", "prod", "staging"]) {
      const sources = ["dev", "prod", "staging"].filter((file) => isSourceOf(name, shipped(file)));
      expect(sources, name).toEqual([name]);
    }
    expect(declaredCounts(shipped("prod")).map(({ workload }) => workload)).toEqual(["cache", "guestbook"]);
    expect(extendedFile(shipped("staging"))).toBe("./prod.ts");
    expect(extendedFile(shipped("prod"))).toBeUndefined();
  });
});
