import { expect, test } from "vitest";
import { synthesizeShipped } from "../support/shipped.ts";
import { stable } from "../support/stable.ts";

const { terraform } = synthesizeShipped();

test.each(["dev", "prod"])("%s as shipped", async (name) => {
  const text = stable(terraform(name));
  // What changes with every edit of a source, or with every run, is none of a review's business.
  expect(text).not.toMatch(/[0-9a-f]{12}/);
  await expect(text).toMatchFileSnapshot(`${name}.tf.json.golden`);
});
