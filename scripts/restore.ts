import pc from "picocolors";
import { type BackedUpStack, backedUp } from "./backup/backed-up-stack.ts";
import { type Contents, contentsOf, type FilesBackup } from "./backup/contents.ts";
import { clearDatabase, restoreDatabase, roomScript } from "./backup/database-restore.ts";
import { restoreApplication } from "./backup/dump.ts";
import { hasFolders, restoreFolders, restoreSecrets } from "./backup/files-restore.ts";
import { removeHelpers } from "./backup/helper.ts";
import { filesAt, type Moment, momentOf, rangeOf, show } from "./backup/moment.ts";
import { archived } from "./backup/restore-point.ts";
import { SqlSession } from "./backup/sql-session.ts";
import { takeTurn } from "./backup/turn.ts";
import { run, verb } from "./command.ts";
import { Problem } from "./setup/problem.ts";
import { type Container, START_TURN } from "./stack/containers.ts";
import { docker } from "./stack/docker.ts";
import { step } from "./stack/progress.ts";
import { stackOf } from "./stack/stack.ts";
import { refuseSwarm } from "./stack/swarm.ts";
import { waitUntilHealthy } from "./stack/wait.ts";
import { bytes, list } from "./stack/words.ts";

/** How long the last WAL of a server may take to get into the archive, in seconds. */
const PATIENCE = 30;

interface Options {
  readonly to?: string;
  readonly overwrite?: true;
  readonly secrets?: true;
  readonly timeline?: string;
  readonly application?: string;
}

/** What a restore would do, told before it is done. */
interface Plan {
  readonly moment: Moment;
  readonly snapshot: FilesBackup | undefined;
  /** Whether there are shared folders in it, and not only secrets. */
  readonly folders: boolean;
  /** Folder for the data that is there, by the name of the database; undefined where there is no room for both. */
  readonly aside: ReadonlyMap<string, string | undefined>;
  readonly lines: readonly string[];
}

async function restore(name: string, options: Options): Promise<void> {
  const stack = stackOf(name);
  refuseSwarm(stack, "restore");
  const overwrite = options.overwrite === true;
  if (options.application !== undefined) return restoreApplication(stack, options.application, overwrite);
  const found = await backedUp(stack);
  await startedFor(found);
  const contents = await contentsOf(found);
  const plan = await planOf(found, contents, options);
  process.stdout.write(`${plan.lines.join("\n")}\n\n`);
  if (!overwrite) {
    throw new Problem({
      what: "Nothing was changed.",
      fix: `say --overwrite when you mean it: npm run restore -- ${name} --to "${options.to}" --overwrite`,
    });
  }
  const leave = await takeTurn(stack);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => {
      process.stderr.write(
        `\nInterrupted. Do it again with the same command; npm start -- ${name} goes on with what there is.\n`,
      );
      void removeHelpers(stack)
        .then(leave)
        .finally(() => process.exit(130));
    });
  }
  try {
    await removeHelpers(stack);
    await carryOut(found, plan, options);
  } catch (error) {
    process.stderr.write(
      `\nThe restore failed. Do it again with the same command; npm start -- ${name} goes on with what there is.\n`,
    );
    throw error;
  } finally {
    await leave();
  }
}

async function carryOut(found: BackedUpStack, plan: Plan, options: Options): Promise<void> {
  const { stack, databases, files } = found;
  const notes: string[] = [];
  if (databases.some(({ server }) => server.state === "running")) {
    await step("Archive", async () => {
      for (const { name, server } of databases) {
        if (server.state !== "running") continue;
        // The server of a new machine is not the one that the archive is of, until it is restored.
        await closeArchive(server).catch(() => {
          notes.push(`${name} could not archive its last changes: they are only in the data that was there`);
        });
      }
      return notes.at(-1);
    });
  }
  const stopped = found.containers.filter(
    ({ role }) => role !== "edge" && role !== "acme" && role !== "balancer",
  );
  await step("Stop", async (note) => {
    for (const { host, id, node, stopGrace } of [...stopped].sort(lastFirst)) {
      note(node);
      await docker(["stop", "--time", `${stopGrace}`, id], { host, seconds: stopGrace + 30 });
    }
  });
  for (const database of databases) {
    const aside = plan.aside.get(database.name);
    const note = await step(
      `Restore ${database.name}`,
      (say) =>
        restoreDatabase({ stack, database, moment: plan.moment, aside, timeline: options.timeline }, say),
      (told) => told,
    );
    if (note !== undefined) notes.push(note);
  }
  await clearReplicas(found);
  const { snapshot, folders } = plan;
  if (snapshot !== undefined && folders) {
    await step("Restore shared folders", (say) => restoreFolders(stack, files, snapshot, say));
  }
  await step("Start", async (note) => {
    for (const { host, id, node } of [...stopped].sort(lastFirst).reverse()) {
      note(node);
      await docker(["start", id], { host, seconds: 60 });
    }
  });
  if (snapshot !== undefined) {
    await step(
      "Secrets",
      () => restoreSecrets(stack, files, snapshot, options.secrets === true),
      (names) =>
        names.length === 0 ? "all were there" : `put back ${list(names)}; npm start hands them over`,
    );
  }
  await step("Health", (note) => waitUntilHealthy(stack, note, new AbortController().signal));
  for (const note of notes) process.stdout.write(`${pc.yellow("Note")}: ${note}.\n`);
  process.stdout.write(
    `\nThe stack ${stack.name} is at ${plan.moment === "latest" ? "the last moment that was archived" : show(plan.moment)}. npm run backup -- ${stack.name} --full begins anew from here.\n`,
  );
}

/** A replica is ahead of a history that was taken back, so it copies its primary anew. */
async function clearReplicas({ stack, databases, containers }: BackedUpStack): Promise<void> {
  const [database] = databases;
  const replicas = containers.filter(({ role }) => role === "replica");
  if (database === undefined || replicas.length === 0) return;
  await step("Replicas, to be copied anew", async (note) => {
    for (const replica of replicas) {
      note(replica.node);
      await clearDatabase(stack, replica, database.keeper);
    }
  });
}

async function planOf(found: BackedUpStack, contents: Contents, options: Options): Promise<Plan> {
  const now = new Date();
  if (options.to === undefined) {
    const range = rangeOf(contents);
    throw new Problem({
      what: "To what moment?",
      allowed:
        range === undefined
          ? "nothing yet: no backup is complete"
          : `latest, or a moment from ${show(range)} to now`,
      fix: `say it: npm run restore -- ${found.stack.name} --to "${show(range ?? now).replace(" UTC", "")}"`,
    });
  }
  if (options.timeline !== undefined && !/^(latest|[1-9]\d*)$/.test(options.timeline)) {
    throw new Problem({
      what: "That is no timeline.",
      value: JSON.stringify(options.timeline),
      allowed: "a whole number from 1, or latest",
      fix: "leave it out, unless you want what an earlier restore took back",
    });
  }
  const moment = momentOf(options.to, contents, now);
  const snapshot = filesAt(contents, moment);
  const folders = await hasFolders(found.files);
  const stamp = now.toISOString().replace(/[:.]/g, "-");
  const aside = new Map<string, string | undefined>();
  const lines = [
    `To ${moment === "latest" ? "the last moment that was archived" : show(moment)}, in the stack ${found.stack.name}:`,
  ];
  for (const { name, keeper } of found.databases) {
    const size = Math.max(
      0,
      ...contents.databases.filter(({ database }) => database === name).map((one) => one.size),
    );
    const room = await docker(["exec", keeper.id, "sh", "-c", roomScript(size)], {
      host: keeper.host,
      seconds: 60,
    });
    const folder = room.trim() === "room" ? `before-restore-${stamp}` : undefined;
    aside.set(name, folder);
    lines.push(
      `  database ${name}, about ${bytes(size)}: ${
        folder === undefined
          ? "there is no room for both, so the data that is there is deleted first"
          : `the data that is there is kept on its volume as ${folder}`
      }`,
    );
  }
  lines.push(
    snapshot === undefined || !folders
      ? "  shared folders: none are backed up, they stay as they are"
      : `  shared folders, ${snapshot.files} files as of ${show(snapshot.time)}: those that are there become a snapshot of their own`,
    `  secrets: ${options.secrets ? "those of that backup replace the ones that are there" : "only those that are missing"}`,
    "Visitors get the page that says so until it is done.",
  );
  return { moment, snapshot, folders, aside, lines };
}

/** What reads the repository has to run. */
async function startedFor({ databases, files }: BackedUpStack): Promise<void> {
  for (const { host, id, state } of [files, ...databases.map(({ keeper }) => keeper)]) {
    if (state !== "running") await docker(["start", id], { host, seconds: 60 });
  }
}

/** So that the archive holds all that was committed, and a moment without a transaction after it can be found. */
async function closeArchive(server: Container): Promise<void> {
  const session = new SqlSession(server, "postgres");
  try {
    await archived(session, PATIENCE);
  } finally {
    session.close();
  }
}

function lastFirst(a: Container, b: Container): number {
  return START_TURN[b.role] - START_TURN[a.role];
}

await run(
  verb("restore", "Bring databases and shared folders of a stack back to a moment of the past.")
    .option("--to <moment>", '"2026-11-26 12:00:01" in UTC, or latest')
    .option("--overwrite", "do it; without this it only tells what would be replaced")
    .option("--secrets", "replace secrets of the stack too, not only put back those that are missing")
    .option("--timeline <number>", "follow this history, where an earlier restore took one back")
    .option(
      "--application <name>",
      "restore the database of one application from a dump on standard input instead",
    )
    .addHelpText(
      "after",
      "\nIt stops what uses the data, and starts it again. What is there now is kept where there is room for it." +
        "\nA restore that was interrupted can be done again.",
    )
    .action(restore),
);
