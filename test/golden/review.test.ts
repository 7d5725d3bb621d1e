import { join } from "node:path";
import { expect, test } from "vitest";
import { targetOf } from "../../modules/environment/target.ts";
import { reviewMarkdown } from "../../scripts/review/markdown.ts";
import { type Review, reviewOf } from "../../scripts/review/review.ts";
import { readSynthesized, type Synthesized } from "../../scripts/review/synthesized.ts";
import { ReviewedStack, type Variation } from "../support/reviewed-stack.ts";
import { synthesize } from "../support/synthesis.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const directory = temporaryFolder();
const REASON = "more memory, announced for Sunday at six";

function stack(variation: Variation): Synthesized {
  const review = { hostname: "localhost", ports: { http: 18100, https: 18490 } };
  const { outdir } = synthesize((app) => new ReviewedStack(app, targetOf(app, "review"), variation), {
    directory,
    review,
  });
  const found = readSynthesized(join(outdir, "stacks", "review"), "this test");
  if (found === undefined) throw new Error("nothing was written");
  return found;
}

const before = stack({});
const review = (to: Variation, from = before): Review =>
  reviewOf({ stack: "review", against: "release 3", before: from, after: stack(to) });

test("what nobody declared is told first", async () => {
  const found = review({ databaseMemory: "320 MiB", greeting: "second", bodyLimit: "32 MiB" });
  expect(found.ok).toBe(false);
  await expect(reviewMarkdown(found)).toMatchFileSnapshot("review-undeclared-outage.md.golden");
});

test("a declared outage is fine, and says why", async () => {
  const found = review({ databaseMemory: "320 MiB", outages: [{ of: "db", reason: REASON }] });
  expect(found.ok).toBe(true);
  await expect(reviewMarkdown(found)).toMatchFileSnapshot("review-declared-outage.md.golden");
});

test("a declaration of an earlier change allows nothing any more", () => {
  const outages = [{ of: "db", reason: REASON }];
  const found = review({ databaseMemory: "384 MiB", outages }, stack({ databaseMemory: "320 MiB", outages }));
  expect(found.ok).toBe(false);
  expect(found.unused).toEqual(outages);
});

test("an outage of something else allows nothing, and data at risk has to be named as such", () => {
  expect(review({ edgeMemory: "224 MiB", outages: [{ of: "db", reason: REASON }] }).ok).toBe(false);
  const renamed: Variation = { database: "store" };
  expect(review({ ...renamed, outages: [{ of: "db", reason: REASON }] }).ok).toBe(false);
  expect(review({ ...renamed, outages: [{ of: "db", reason: REASON, dataAtRisk: true }] }).ok).toBe(true);
});

test("a reason that says nothing is refused when the stack is written", () => {
  expect(() => stack({ outages: [{ of: "db", reason: "because" }] })).toThrow(/at least ten characters/);
});
