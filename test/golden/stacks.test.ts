import { join } from "node:path";
import { expect, test } from "vitest";
import { reviewMarkdown } from "../../scripts/review/markdown.ts";
import { reviewOf } from "../../scripts/review/review.ts";
import { NOTHING, readSynthesized } from "../../scripts/review/synthesized.ts";
import { synthesizeShipped } from "../support/shipped.ts";
import { stable } from "../support/stable.ts";

const { outdir, terraform } = synthesizeShipped();

test.each(["dev", "prod"])("%s as shipped", async (name) => {
  const text = stable(terraform(name));
  // What changes with every edit of a source, or with every run, is none of a review's business.
  expect(text).not.toMatch(/[0-9a-f]{12}/);
  await expect(text).toMatchFileSnapshot(`${name}.tf.json.golden`);
});

test.each(["dev", "prod", "staging"])("%s as shipped, in the words of a review", async (stack) => {
  const after = readSynthesized(join(outdir, "stacks", stack), "this test") ?? NOTHING;
  const review = reviewOf({ stack, against: "nothing", before: NOTHING, after });
  // The files stand in the other snapshot.
  await expect(reviewMarkdown({ ...review, files: [] })).toMatchFileSnapshot(`${stack}.md.golden`);
});
