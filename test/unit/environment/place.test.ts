import { expect, test } from "vitest";
import { placeOf } from "../../../modules/environment/place.ts";

const traced = (...lines: readonly string[]) =>
  Object.assign(new Error("nodes"), {
    stack: ["Error: nodes", ...lines.map((line) => `    at ${line}`)].join("\n"),
  });
const place = (error: Error) => placeOf(error, "/srv/site", "/srv/site/stacks/synthesize.ts");

test.each([
  [
    ["positive (/srv/site/modules/values/count.ts:9:3)", "new Dev (/srv/site/stacks/dev.ts:22:7)"],
    "stacks/dev.ts:22",
  ],
  [["file:///srv/site/stacks/main.ts:12:3"], "stacks/main.ts:12"],
  [
    ["new App (file:///srv/site/node_modules/cdktf/lib/app.js:1:2)", "/srv/site/shops/one.ts:5:1"],
    "shops/one.ts:5",
  ],
])("%j", (lines, expected) => {
  expect(place(traced(...lines))).toBe(expected);
});

test("machinery, libraries and other folders are no place", () => {
  const lines = [
    "synthesize (/srv/site/stacks/synthesize.ts:9:1)",
    "Module._compile (node:internal/modules:1:1)",
  ];
  expect(place(traced(...lines, "run (/usr/lib/runner.js:3:4)"))).toBeUndefined();
});
