import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { targetOf } from "../../../modules/environment/target.ts";
import { type Review, reviewOf } from "../../../scripts/review/review.ts";
import { readSynthesized, type Synthesized } from "../../../scripts/review/synthesized.ts";
import { DATA, type KindOfChange, NONE, OUTAGE, ROLLING } from "../../support/kinds-of-change.ts";
import { ReviewedStack, type Variation } from "../../support/reviewed-stack.ts";
import { synthesize } from "../../support/synthesis.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const directory = temporaryFolder();
const TARGET = { hostname: "localhost", aliases: ["127.0.0.1"], ports: { http: 18100, https: 18490 } };
const written = new Map<string, Synthesized>();

function stack(variation: Variation, target: Record<string, unknown> = {}): Synthesized {
  const key = JSON.stringify([variation, target]);
  const known = written.get(key);
  if (known) return known;
  const source = variation.source === undefined ? {} : { source: otherCode() };
  const { outdir } = synthesize(
    (app) => new ReviewedStack(app, targetOf(app, "review"), { ...variation, ...source }),
    { directory, review: { ...TARGET, ...target } },
  );
  const found = readSynthesized(join(outdir, "stacks", "review"), "this test");
  if (found === undefined) throw new Error("nothing was written");
  written.set(key, found);
  return found;
}

function otherCode(): string {
  const folder = join(directory, "other");
  mkdirSync(folder, { recursive: true });
  cpSync("test/e2e/apps/greeter", folder, { recursive: true });
  writeFileSync(join(folder, "more.py"), "MORE = True\n");
  return folder;
}

function review({ from = {}, to, target }: KindOfChange): Review {
  const [before, after] = [stack(from), stack(to, target)];
  return reviewOf({ stack: "review", against: "before", before, after });
}

const effectsOf = ({ changes }: Review) =>
  Object.fromEntries(changes.map(({ workload, effect }) => [workload, effect]));

describe.each([
  ["none", NONE],
  ["rolling", ROLLING],
  ["outage", OUTAGE],
  ["data at risk", DATA],
] as const)("a change of the class %s", (effect, kinds) => {
  test.each(kinds.map((kind) => [kind.name, kind] as const))("%s", (_, kind) => {
    const found = review(kind);
    expect(effectsOf(found)).toEqual(kind.effects);
    expect(found.effect).toBe(effect);
    expect(found.ok).toBe(effect === "none" || effect === "rolling");
    // What replaces something is always told by name.
    expect(found.changes.flatMap(({ aspects }) => aspects)).not.toContain("toolkit");
  });
});
