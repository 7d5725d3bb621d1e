import type { Description } from "./description.ts";
import type { Rule, Violation, Waiver } from "./rule.ts";
import { RULES } from "./rules.ts";

/**
 * Every violation of every rule that no waiver sets aside, as one readable paragraph each; empty when all is well.
 * A waiver without a reason, or for something that is not violated, is reported too: it would hide the next mistake.
 */
export function report(
  environment: Description,
  waivers: readonly Waiver[],
  rules: readonly Rule[] = RULES,
): string[] {
  const used = new Set<Waiver>();
  const paragraphs: string[] = [];
  for (const rule of rules) {
    for (const violation of rule.check(environment)) {
      const waiver = waivers.find(
        ({ rule: id, path }) => id === rule.id && (path ?? violation.path) === violation.path,
      );
      if (waiver === undefined) paragraphs.push(paragraph(rule, violation));
      else used.add(waiver);
    }
  }
  for (const waiver of waivers) {
    if (waiver.reason.trim().length < 10) {
      paragraphs.push(
        `waiver for ${waiver.rule}: reason "${waiver.reason}" says too little; write why the rule may be broken here.`,
      );
    } else if (!used.has(waiver)) {
      paragraphs.push(
        `waiver for ${waiver.rule}: nothing breaks this rule${waiver.path ? ` at ${waiver.path}` : ""}; remove the waiver.`,
      );
    }
  }
  return paragraphs;
}

function paragraph(rule: Rule, { path, got, allowed, fix }: Violation): string {
  return [
    `${path}: ${rule.statement}`,
    `    got      ${got}`,
    `    allowed  ${allowed}`,
    `    fix      ${fix}`,
    `    why      ${rule.source} (rule ${rule.id})`,
  ].join("\n");
}
