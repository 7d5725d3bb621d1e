import pc from "picocolors";
import { table } from "../stack/table.ts";
import { type Comparison, ratioOf } from "./comparison.ts";

/** What a measure found out. */
export interface Findings {
  readonly comparisons: readonly Comparison[];
  /** What explains the ratios, in rows of text under a headline. @default none */
  readonly details?: Details;
}

/** Figures beside the ratios. */
export interface Details {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How a measure ended. */
export type Outcome =
  | ({ readonly measure: string; readonly state: "measured" } & Findings)
  | { readonly measure: string; readonly state: "skipped" | "failed"; readonly reason: string };

/** The tables for people. */
export function describe(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap((outcome) =>
    outcome.state === "measured"
      ? outcome.comparisons.map((comparison) => row(outcome.measure, comparison))
      : [[outcome.measure, outcome.state, "", "", "", ""]],
  );
  const reasons = outcomes.flatMap((outcome) =>
    outcome.state === "measured" ? [] : [`${outcome.measure} ${outcome.state}: ${outcome.reason}`],
  );
  const details = outcomes.flatMap((outcome) =>
    outcome.state === "measured" && outcome.details !== undefined
      ? [`${outcome.details.title}\n${table(outcome.details.head, outcome.details.rows)}`]
      : [],
  );
  const ratios = table(["measure", "ours", "against", "ratio", "lowest to highest", "aim"], rows);
  return `${[ratios, ...details, ...reasons].join("\n\n")}\n`;
}

/** The same for programs: every round, in seconds or MiB. */
export function toJson(outcomes: readonly Outcome[]): string {
  const plain = outcomes.map((outcome) =>
    outcome.state === "measured"
      ? {
          ...outcome,
          comparisons: outcome.comparisons.map((one) => ({ ...one, ratio: ratioOf(one.rounds) })),
        }
      : outcome,
  );
  return `${JSON.stringify(plain, undefined, 2)}\n`;
}

function row(measure: string, { what, against, rounds, aim }: Comparison): string[] {
  const { median, lowest, highest } = ratioOf(rounds);
  const met = aim === undefined || median <= aim;
  return [
    measure,
    what,
    against,
    (met ? pc.green : pc.yellow)(median.toFixed(2)),
    `${lowest.toFixed(2)} to ${highest.toFixed(2)} (${rounds.length})`,
    aim === undefined ? "" : `${met ? "<=" : "missed:"} ${Number(aim.toFixed(2))}`,
  ];
}
