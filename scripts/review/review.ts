import type { Outage } from "../../modules/environment/outage.ts";
import type { Waiver } from "../../modules/rules/rule.ts";
import { type FileChange, fileChanges } from "./configuration.ts";
import { type Cost, costOf } from "./cost.ts";
import { type DataRisk, dataRisks } from "./data-risk.ts";
import { diagram } from "./diagram.ts";
import { type Effect, worst } from "./effect.ts";
import type { Synthesized } from "./synthesized.ts";
import { type WorkloadChange, workloadChanges } from "./workload-change.ts";

/** What a change of a stack means. `npm run review -- --json` prints it; keys are only ever added. */
export interface Review {
  readonly stack: string;
  /** What it is compared with, in words: `release 12`, `main (1a2b3c4)`. */
  readonly against: string;
  /** The worst of all effects. */
  readonly effect: Effect;
  /** Whether every outage and every risk of data was declared. */
  readonly ok: boolean;
  readonly changes: readonly ReviewedChange[];
  readonly risks: readonly DataRisk[];
  /** Declared outages that this change has no use for. */
  readonly unused: readonly Outage[];
  readonly files: readonly FileChange[];
  readonly waivers: {
    readonly added: readonly Waiver[];
    readonly removed: readonly Waiver[];
    readonly kept: readonly Waiver[];
  };
  readonly cost: { readonly before: Cost; readonly after: Cost };
  /** A flowchart of Mermaid. */
  readonly diagram: string;
}

export interface ReviewedChange extends WorkloadChange {
  /** The declaration that allows it; null where it needs none, or there is none. */
  readonly declared: Outage | null;
  /** Whether it needs a declaration that is not there. */
  readonly undeclared: boolean;
}

export interface Comparison {
  readonly stack: string;
  readonly against: string;
  readonly before: Synthesized;
  readonly after: Synthesized;
}

/** Compares a stack with what it was. */
export function reviewOf({ stack, against, before, after }: Comparison): Review {
  const risks = dataRisks(before, after);
  const fresh = after.description.outages.filter((one) => !before.description.outages.some(same(one)));
  const changes = withRisks(workloadChanges(before, after), risks).map((change) => declare(change, fresh));
  const used = changes.flatMap(({ declared }) => declared ?? []);
  const [were, are] = [before.description, after.description];
  return {
    stack,
    against,
    effect: worst(changes.map(({ effect }) => effect)),
    ok: changes.every(({ undeclared }) => !undeclared),
    changes,
    risks,
    unused: are.outages.filter((one) => !used.includes(one)),
    files: fileChanges(were.workloads, are.workloads),
    waivers: {
      added: are.waivers.filter((one) => !were.waivers.some(same(one))),
      removed: were.waivers.filter((one) => !are.waivers.some(same(one))),
      kept: are.waivers.filter((one) => were.waivers.some(same(one))),
    },
    cost: { before: costOf(were.workloads), after: costOf(are.workloads) },
    diagram: diagram(after),
  };
}

/** A risk of data is the worst that a change of its workload does, and is told of one that does not change as well. */
function withRisks(
  changes: readonly WorkloadChange[],
  risks: readonly DataRisk[],
): readonly WorkloadChange[] {
  const known = new Set(changes.map(({ workload }) => workload));
  const others = [...new Set(risks.map(({ workload }) => workload))].filter((name) => !known.has(name));
  return [...changes, ...others.map(untouched)].map((change) => {
    const own = risks.filter(({ workload }) => workload === change.workload);
    if (own.length === 0) return change;
    const why = [change.why, ...own.map(({ of, what }) => `${of}: ${what}`)].filter(Boolean).join("; ");
    return { ...change, effect: "data at risk", why };
  });
}

function untouched(workload: string): WorkloadChange {
  return {
    workload,
    role: "database",
    transition: "unchanged",
    aspects: [],
    nodes: { before: 1, after: 1 },
    effect: "none",
    why: "",
    interruption: null,
  };
}

/** A declaration that was there before is about an earlier change. */
function declare(change: WorkloadChange, fresh: readonly Outage[]): ReviewedChange {
  const needs = change.effect === "outage" || change.effect === "data at risk";
  const declared =
    (needs &&
      fresh.find(
        ({ of, dataAtRisk = false }) => of === change.workload && (change.effect === "outage" || dataAtRisk),
      )) ||
    null;
  return { ...change, declared, undeclared: needs && declared === null };
}

function same<T>(one: T): (other: T) => boolean {
  const text = JSON.stringify(one);
  return (other) => JSON.stringify(other) === text;
}
