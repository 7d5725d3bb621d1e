import type { Rule } from "./rule.ts";

/** `docs/rules.md`: what every environment is checked for, and why. */
export function rulesMarkdown(rules: readonly Rule[]): string {
  const sections = rules.map(
    ({ id, statement, source }) => `## ${id}\n\n${statement}\n\n*Why:* ${source}.\n`,
  );
  return `# Rules

Every synth checks every environment against these ${rules.length} rules and prints all violations at once, each with the construct,
the value found, what is allowed, and the fix. A rule is set aside with a waiver, which needs a reason:

\`\`\`ts
super(scope, "prod", {
  engine: Docker.local(),
  purpose: "production",
  waivers: [{ rule: "certificate-trusted", path: "prod/edge", reason: "no public name before the launch in May" }],
});
\`\`\`

A waiver that nothing needs any more is reported as well, so that it cannot hide the next mistake.

${sections.join("\n")}`;
}
