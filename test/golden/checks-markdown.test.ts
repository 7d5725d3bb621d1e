import { expect, test } from "vitest";
import { CHECKS } from "../../scripts/verify/checks.ts";
import { checksMarkdown } from "../../scripts/verify/markdown.ts";

test("docs/conformance.md tells the checks that the code has", async () => {
  await expect(checksMarkdown(CHECKS)).toMatchFileSnapshot("../../docs/conformance.md");
});
