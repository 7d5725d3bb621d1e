import { expect, test } from "vitest";
import { alternate, median, ratioOf } from "../../../scripts/bench/comparison.ts";

test.each([
  [[3, 1, 2], 2],
  [[10, 9], 9.5],
  [[7], 7],
])("the median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

test("there is no median of nothing", () => {
  expect(() => median([])).toThrow(RangeError);
});

test("ratios are taken round by round, so that noise which hits both sides falls out", () => {
  const rounds = [
    { ours: 3, theirs: 2 },
    { ours: 30, theirs: 20 },
    { ours: 1, theirs: 1 },
  ];
  expect(ratioOf(rounds)).toEqual({ median: 1.5, lowest: 1, highest: 1.5 });
});

test("sides take turns in going first", async () => {
  const order: string[] = [];
  const side = (name: string) => async () => {
    order.push(name);
    return name;
  };
  const results = await alternate(3, side("ours"), side("theirs"));
  expect(order.join(" ")).toBe("ours theirs theirs ours ours theirs");
  expect(results).toEqual(Array(3).fill({ ours: "ours", theirs: "theirs" }));
});
