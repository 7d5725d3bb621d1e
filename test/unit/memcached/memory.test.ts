import { expect, test } from "vitest";
import { cacheMemory } from "../../../modules/memcached/memory.ts";
import { Size } from "../../../modules/values/size.ts";

test.each([
  ["32 MiB", { items: 9, growth: 2 }],
  ["64 MiB", { items: 38, growth: 2 }],
  ["256 MiB", { items: 185, growth: 1.25 }],
  ["1 GiB", { items: 868, growth: 1.25 }],
] as const)("of %s", (limit, memory) => {
  expect(cacheMemory(Size.of(limit))).toEqual(memory);
});
