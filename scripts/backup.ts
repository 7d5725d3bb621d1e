import { type BackedUpStack, backedUp, requireRunning } from "./backup/backed-up-stack.ts";
import { type Contents, contentsOf } from "./backup/contents.ts";
import { dumpApplication } from "./backup/dump.ts";
import { rangeOf, show } from "./backup/moment.ts";
import { run, verb } from "./command.ts";
import type { Container } from "./stack/containers.ts";
import { docker } from "./stack/docker.ts";
import { type Note, step } from "./stack/progress.ts";
import { stackOf } from "./stack/stack.ts";
import { table } from "./stack/table.ts";
import { bytes } from "./stack/words.ts";

interface Options {
  readonly list?: true;
  readonly full?: true;
  readonly json?: true;
  readonly dump?: string;
}

const DAY_SECONDS = 86_400;

async function backup(name: string, options: Options): Promise<void> {
  const stack = stackOf(name);
  if (options.dump !== undefined) return dumpApplication(stack, options.dump);
  const found = await backedUp(stack);
  requireRunning(stack, [found.files, ...found.databases.map(({ keeper }) => keeper)]);
  if (!options.list) await make(found, options);
  const contents = await contentsOf(found);
  process.stdout.write(
    options.json ? `${JSON.stringify(contents, undefined, 2)}\n` : describe(found, contents),
  );
}

/** One set, now: databases first, so that a restore to the moment of its files finds them. */
async function make({ databases, files }: BackedUpStack, { full, json }: Options): Promise<void> {
  const set = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const settings = ["--env", `SLIPWAY_SET=${set}`, ...(full ? ["--env", "SLIPWAY_FULL=1"] : [])];
  const one = (title: string, { id, host }: Container) => {
    const work = async (note: Note) => {
      const words = ["exec", ...settings, id, "python3", "-m", "slipway_jobs.run", "backup"];
      await docker(words, { host, seconds: DAY_SECONDS, onLine: note });
    };
    return json ? work(() => undefined) : step(title, work);
  };
  for (const { name, keeper } of databases) await one(`Backup of ${name}`, keeper);
  await one("Backup of shared folders and secrets", files);
}

function describe({ stack, declared }: BackedUpStack, contents: Contents): string {
  const rows = [
    ...contents.databases.map((one) => ({
      at: one.stop,
      row: [
        one.database,
        one.type === "full" ? "full" : "changes",
        bytes(one.size),
        bytes(one.stored),
        one.set,
      ],
    })),
    ...contents.files.map((one) => ({
      at: one.time,
      row: ["files", `${one.files} files`, bytes(one.size), "", one.set],
    })),
  ].sort((a, b) => +a.at - +b.at);
  const range = rangeOf(contents);
  return [
    "",
    table(
      ["complete at", "of", "what", "size", "stored", "set"],
      rows.map(({ at, row }) => [show(at), ...row]),
    ),
    "",
    `In ${declared.repository.description}.`,
    range === undefined
      ? "Nothing can be restored yet."
      : `Databases can be restored to any second from ${show(range)} on, files to the last backup before it.`,
    `The passphrase is in ${stack.secretsFolder}/${declared.passphrase}: keep a copy of it elsewhere, without it no backup can be read.`,
    "",
  ].join("\n");
}

await run(
  verb("backup", "Back a stack up now, and list the backups that there are.")
    .option("--list", "only list them")
    .option("--full", "a full backup of databases, whether it is due or not")
    .option("--json", "print the list as JSON")
    .option(
      "--dump <application>",
      "write the database of one application to standard output instead, by pg_dump",
    )
    .addHelpText(
      "after",
      "\nThe stack makes backups by itself, as it says; this is one more. A dump is restored by" +
        "\nnpm run restore -- <stack> --application <application> < file",
    )
    .action(backup),
);
