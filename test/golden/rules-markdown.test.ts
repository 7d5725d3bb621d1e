import { expect, test } from "vitest";
import { rulesMarkdown } from "../../modules/rules/markdown.ts";
import { RULES } from "../../modules/rules/rules.ts";

test("docs/rules.md tells the rules that the code has", async () => {
  await expect(rulesMarkdown(RULES)).toMatchFileSnapshot("../../docs/rules.md");
});
