import pc from "picocolors";
import { backedUp, requireRunning } from "./backup/backed-up-stack.ts";
import { DatabaseDrill, type DatabaseOutcome } from "./backup/database-drill.ts";
import { type DrillRecord, keepRecord } from "./backup/drill-record.ts";
import { FilesDrill, type FilesOutcome } from "./backup/files-drill.ts";
import { removeHelpers } from "./backup/helper.ts";
import { takeTurn } from "./backup/turn.ts";
import { run, verb } from "./command.ts";
import { type Step, steps } from "./stack/progress.ts";
import { type Stack, stackOf } from "./stack/stack.ts";
import { bytes } from "./stack/words.ts";

interface Outcome {
  readonly databases: DatabaseOutcome[];
  readonly files: FilesOutcome[];
  /** Seconds of both. */
  readonly seconds: number;
  readonly copySeconds: number;
}

async function drill(name: string, options: { json?: true; copy: boolean }): Promise<void> {
  const stack = stackOf(name);
  const leave = await takeTurn(stack);
  const remove = () => removeHelpers(stack);
  // What is at work ends with its containers.
  const interrupt = () =>
    void remove()
      .then(leave)
      .finally(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, interrupt);
  const date = new Date().toISOString();
  try {
    await remove();
    const outcome = await practise(stack, options.copy, options.json === true);
    const record = recordOf(stack, date, outcome);
    const file = keepRecord(stack, record);
    process.stdout.write(options.json ? `${JSON.stringify(record, undefined, 2)}\n` : describe(record, file));
    if (!record.ok) process.exitCode = 1;
  } finally {
    await remove();
    await leave();
  }
}

/** Restores everything beside what runs, and compares. */
async function practise(stack: Stack, copy: boolean, quiet: boolean): Promise<Outcome> {
  const { databases, files, declared } = await backedUp(stack);
  requireRunning(stack, [files, ...databases.flatMap(({ server, keeper }) => [server, keeper])]);
  const point = `slipway-drill-${Date.now()}`;
  const found: { databases: DatabaseOutcome[]; files: FilesOutcome[] } = { databases: [], files: [] };
  const drills: { copySeconds(): Promise<number> }[] = [];
  const work: Step[] = [
    ...databases.map((database) => ({
      title: `Drill of ${database.name}`,
      async run(note: (line: string) => void) {
        const one = await DatabaseDrill.prepare(stack, database);
        const outcome = await one.run(point, note);
        found.databases.push(outcome);
        if (outcome.bytes > 0) drills.push(one);
        return `${outcome.rows} rows of ${outcome.tables} tables${told(outcome.damage)}`;
      },
    })),
    {
      title: `Drill of files (${declared.files})`,
      async run(note) {
        const one = await FilesDrill.prepare(stack, files);
        const outcome = await one.run(point, note);
        found.files.push(outcome);
        if (outcome.bytes > 0) drills.push(one);
        return `${outcome.files} files${told(outcome.damage)}`;
      },
    },
  ];
  const start = Date.now();
  await show(work, quiet);
  const seconds = (Date.now() - start) / 1000;
  let copySeconds = 0;
  if (copy) {
    const measure: Step = {
      title: "Plain copy of the same bytes, for comparison",
      async run() {
        for (const one of drills) copySeconds += await one.copySeconds();
        return undefined;
      },
    };
    await show([measure], quiet);
  }
  return { ...found, seconds, copySeconds };
}

async function show(work: readonly Step[], quiet: boolean): Promise<void> {
  if (quiet) await Promise.all(work.map((one) => one.run(() => undefined)));
  else await steps(work);
}

function recordOf(
  stack: Stack,
  date: string,
  { databases, files, seconds, copySeconds }: Outcome,
): DrillRecord {
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  const damage = [...databases, ...files].flatMap((one) => one.damage);
  return {
    date,
    stack: stack.name,
    ok: damage.length === 0,
    damage,
    tables: sum(databases.map(({ tables }) => tables)),
    rows: sum(databases.map(({ rows }) => rows)),
    files: sum(files.map((one) => one.files)),
    filesChangedSince: sum(files.map(({ changedSince }) => changedSince)),
    bytes: sum([...databases, ...files].map((one) => one.bytes)),
    seconds: round(seconds),
    copySeconds: copySeconds === 0 ? null : round(copySeconds),
    ratio: copySeconds === 0 ? null : round(seconds / copySeconds),
  };
}

function describe(record: DrillRecord, file: string): string {
  const { ok, damage, tables, rows, files, filesChangedSince, seconds, copySeconds, ratio } = record;
  const changed = filesChangedSince > 0 ? ` (${filesChangedSince} changed meanwhile, not compared)` : "";
  return [
    "",
    ...damage.map((line) => `${pc.red("✖")} ${line}`),
    ok
      ? `${pc.green("✔")} Restored and the same: ${rows} rows of ${tables} tables, ${files} files${changed}, ${bytes(record.bytes)}.`
      : `${pc.red("The backups are not good.")} Make a full one now: npm run backup -- ${record.stack} --full`,
    `${seconds} s${ratio === null ? "" : `, ${ratio} times a plain copy of the same bytes (${copySeconds} s)`}.`,
    `Recorded in ${file}.`,
    "",
  ].join("\n");
}

function told(damage: readonly string[]): string {
  return damage.length === 0 ? "" : `, ${pc.red(`${damage.length} damaged or different`)}`;
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}

await run(
  verb(
    "drill",
    "Prove the backups of a stack: restore them beside it, compare every row and file, and keep a record.",
  )
    .option("--json", "print the record as JSON")
    .option("--no-copy", "do not measure a plain copy of the same bytes")
    .addHelpText(
      "after",
      "\nThe stack goes on meanwhile. It needs as much room on the engine as the data. What it makes is removed at its end," +
        "\nalso after Ctrl-C. Every file of the repository is read. Exit code 0 when all was the same, 1 otherwise.",
    )
    .action(drill),
);
