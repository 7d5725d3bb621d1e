import { expect, test } from "vitest";
import { differences, parseHashes } from "../../../../scripts/backup/row-hashes.ts";

const LIVE = parseHashes("shop", ["public.items|3|-7|12", 'public."a|b"|1|5|5', ""]);

test("a name may have the separator in it", () => {
  expect(LIVE).toEqual([
    { table: "shop public.items", rows: 3, hash: "-7/12" },
    { table: 'shop public."a|b"', rows: 1, hash: "5/5" },
  ]);
});

test("the same is no difference, in any order", () => {
  expect(differences(LIVE, [...LIVE].reverse())).toEqual([]);
});

test.each([
  [["public.items|2|-7|12", 'public."a|b"|1|5|5'], "shop public.items has 3 rows, and 2 when restored"],
  [
    ["public.items|3|-8|12", 'public."a|b"|1|5|5'],
    "shop public.items has 3 rows, some of which are others when restored",
  ],
  // Two rows that changed into each other's likeness leave the first sum as it was.
  [
    ["public.items|3|-7|13", 'public."a|b"|1|5|5'],
    "shop public.items has 3 rows, some of which are others when restored",
  ],
  [["public.items|3|-7|12"], 'shop public."a|b" is missing in the restored database'],
  [
    ["public.items|3|-7|12", 'public."a|b"|1|5|5', "public.more|0|0|0"],
    "shop public.more is only in the restored database",
  ],
])("%s", (lines, told) => {
  expect(differences(LIVE, parseHashes("shop", lines))).toEqual([told]);
});
