import { bytes, list } from "../stack/words.ts";
import type { Cost } from "./cost.ts";
import type { Interruption } from "./effect.ts";
import type { Review, ReviewedChange } from "./review.ts";

/** A review as Markdown for a pull request. */
export function reviewMarkdown(review: Review): string {
  const sections = [
    `## ${review.stack}: ${review.effect}`,
    verdict(review),
    changes(review.changes),
    unused(review),
    rules(review),
    cost(review.cost.before, review.cost.after),
    files(review),
    `<details><summary>The stack as it will be</summary>\n\n\`\`\`mermaid\n${review.diagram}\n\`\`\`\n\n</details>`,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function verdict({ against, changes, ok, effect, stack }: Review): string {
  const compared = `Compared with ${against}.`;
  if (!ok) {
    const names = changes.filter(({ undeclared }) => undeclared).map(({ workload }) => `\`${workload}\``);
    return `${compared} **Not declared: ${list(names)}.** Where it is meant, the stack says so: ${example(changes)}`;
  }
  if (changes.length === 0) return `${compared} A deploy of ${stack} changes no workload.`;
  if (effect === "none") return `${compared} Users notice nothing.`;
  if (effect === "rolling") return `${compared} Instances give way one to another; no request is lost.`;
  return `${compared} What users notice is declared.`;
}

function example(changes: readonly ReviewedChange[]): string {
  const first = changes.find(({ undeclared }) => undeclared);
  const data = first?.effect === "data at risk" ? ", dataAtRisk: true" : "";
  return `\`outages: [{ of: "${first?.workload}", reason: "…"${data} }]\`.`;
}

function changes(all: readonly ReviewedChange[]): string {
  if (all.length === 0) return "";
  const rows = all.map((change) => [
    `\`${change.workload}\``,
    change.undeclared ? `**${change.effect}**` : change.effect,
    what(change),
    [
      change.why,
      ...(change.interruption === null ? [] : [span(change.interruption)]),
      ...(change.declared === null ? [] : [`declared: ${change.declared.reason}`]),
    ].join("; "),
  ]);
  return table(["workload", "users notice", "what changes", "why, and how long"], rows);
}

function what({ transition, aspects, nodes }: ReviewedChange): string {
  const parts = [
    ...(transition === "added" || transition === "removed" ? [transition] : []),
    ...(aspects.length > 0 ? [list(aspects.map((aspect) => (aspect === "toolkit" ? TOOLKIT : aspect)))] : []),
    ...(transition !== "added" && transition !== "removed" && nodes.before !== nodes.after
      ? [`${nodes.before} → ${nodes.after} instances`]
      : []),
  ];
  return parts.join(", ") || "nothing";
}

/** Nothing that the stack says. */
const TOOLKIT = "a secret, or how Slipway runs it";

function span({ atMost, parts }: Interruption): string {
  return atMost === null ? list(parts) : `at most ${atMost} s: ${list(parts)}`;
}

function unused({ unused }: Review): string {
  return unused
    .map(
      ({ of, reason }) =>
        `- The outage of \`${of}\` that is declared ("${reason}") is not one of this change: remove it.`,
    )
    .join("\n");
}

function rules({ waivers: { added, removed, kept } }: Review): string {
  const lines = [
    ...added.map((one) => `- **added** ${waiver(one)}`),
    ...removed.map((one) => `- **removed** ${waiver(one)}`),
    ...kept.map((one) => `- ${waiver(one)}`),
  ];
  const head = lines.length === 0 ? "All hold, without a waiver." : "All hold, but for these waivers:";
  return ["### Rules", head, ...(lines.length > 0 ? [lines.join("\n")] : [])].join("\n\n");
}

function waiver({ rule, path, reason }: Review["waivers"]["added"][number]): string {
  return `\`${rule}\`${path === undefined ? "" : ` at \`${path}\``}: ${reason}`;
}

function cost(before: Cost, after: Cost): string {
  const rows: readonly (readonly [string, string, string])[] = [
    ["instances", `${before.instances}`, `${after.instances}`],
    ["memory limits", bytes(before.memory), bytes(after.memory)],
    ["CPU limits", cpus(before), cpus(after)],
  ];
  return `### Cost\n\n${table(["", "before", "after"], rows)}`;
}

function cpus({ cpus, withoutCpuLimit }: Cost): string {
  const none = `${withoutCpuLimit} without a limit`;
  if (cpus === 0) return none;
  return withoutCpuLimit === 0 ? `${cpus}` : `${cpus}, and ${none}`;
}

function files({ files }: Review): string {
  if (files.length === 0) return "";
  const parts = files.map(({ workload, path, diff }) => {
    // As long as needed: a file may hold a fence itself.
    const fence = "`".repeat(Math.max(3, ...[...diff.matchAll(/`+/g)].map(([run]) => run.length + 1)));
    return `<details><summary><code>${workload}</code> ${path}</summary>\n\n${fence}diff\n${diff.trimEnd()}\n${fence}\n\n</details>`;
  });
  return ["### Configuration", ...parts].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
