import { expect, test } from "vitest";
import { explain } from "../../modules/environment/explain.ts";
import { Broken } from "../support/broken.ts";
import { synthesize } from "../support/synthesis.ts";

test("the report of a broken environment", async () => {
  let message: string | undefined;
  try {
    synthesize((app) => new Broken(app));
  } catch (error) {
    message = explain(error);
  }
  expect(message?.match(/\(rule [a-z-]+\)$/gm)).toHaveLength(3);
  await expect(message).toMatchFileSnapshot("report-broken-environment.golden");
});
