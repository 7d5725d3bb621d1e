import { expect, test } from "vitest";
import { bodyLimitOf, timeoutOf } from "../../../modules/edge/limits.ts";
import { Stickiness } from "../../../modules/edge/stickiness.ts";
import type { DurationText } from "../../../modules/values/duration.ts";
import { refused } from "../values/refused.ts";

test.each<DurationText>(["1 second", "60 seconds", "12 hours"])("a node may take %s", (timeout) => {
  expect(timeoutOf(timeout).toString()).toBe(timeout === "60 seconds" ? "1 minute" : timeout);
});

test.each<DurationText>(["0 seconds", "13 hours", "30 days"])("a timeout of %s is refused", (timeout) => {
  expect(refused(() => timeoutOf(timeout)).allowed).toBe("from 1 second to 12 hours");
});

test.each<DurationText>(["0 seconds", "30 days"])("a node is not remembered for %s", (duration) => {
  expect(refused(() => Stickiness.byAddress(duration)).what).toBe("how long a node is remembered");
});

test("a body limit of nothing, which daemons take for no limit, is refused", () => {
  expect(refused(() => bodyLimitOf("0 B")).what).toBe("limit of request bodies");
  expect(bodyLimitOf("1 B").bytes).toBe(1);
});
