import { spawn } from "node:child_process";
import type { PostgresVersion } from "../modules/postgres/version.ts";
import { run, verb } from "./command.ts";
import { Problem } from "./setup/problem.ts";
import { type Container, containersOf } from "./stack/containers.ts";
import { type DatabaseData, dataOf } from "./stack/database-data.ts";
import { docker } from "./stack/docker.ts";
import { lockOf, lockProblem } from "./stack/lock.ts";
import { step } from "./stack/progress.ts";
import { type Stack, stackOf } from "./stack/stack.ts";
import { refuseSwarm } from "./stack/swarm.ts";
import { synthesize } from "./stack/synthesis.ts";
import { bringOver, buildImage, declaredVersion } from "./stack/upgrade.ts";
import { list } from "./stack/words.ts";

/** The statistics of a large database take long; it serves meanwhile. */
const SECONDS_FOR_STATISTICS = 24 * 3600;

async function upgrade(
  name: string,
  database: string | undefined,
  options: { removeOld?: true },
): Promise<void> {
  const stack = stackOf(name);
  refuseSwarm(stack, "upgrade");
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const stop = () =>
    interrupt.abort(new Problem({ what: "Interrupted; the data is as it was.", fix: "run it again" }));
  for (const one of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(one, stop);

  await step("Synthesis", () => synthesize(stack, signal));
  const lock = await lockOf(stack);
  if (lock !== undefined) throw lockProblem(stack, lock);
  const container = await databaseOf(stack, database);
  const to = declaredVersion(stack, container.workload);
  if (to === undefined) throw undeclared(container.workload);
  const data = await dataOf(container);
  const from = data.versions.at(-1) as PostgresVersion | undefined;
  if (from === undefined) throw empty(stack, container);
  if (from > to) throw older(container, from, to);

  if (options.removeOld) return removeOld(stack, container, data);
  if (from === to && data.versions.length === 1) {
    console.log(
      `\nThe data of ${container.node} is of PostgreSQL ${to}, as the stack declares; nothing is to be done.`,
    );
    return;
  }
  if (from < to) {
    const image = await step("Image with both versions", (note) =>
      buildImage(stack, container.host, { from, to }, note, signal),
    );
    await step(`Data of ${container.node} from PostgreSQL ${from} to ${to}`, (note) =>
      bringOver(stack, container, data.volume, { image, from }, note, signal),
    );
  }
  await deploy(name);
  await step("Statistics for the planner", async () => {
    const { host, id } = await databaseOf(stack, container.workload);
    const gather = ["vacuumdb", "--username=postgres", "--all", "--analyze-in-stages", "--quiet"];
    await docker(["exec", id, ...gather], { host, seconds: SECONDS_FOR_STATISTICS, signal });
  });
  console.log(
    `\n${container.node} serves from PostgreSQL ${to}. The data of before stays beside it, and nobody writes to it;\n` +
      `when all is well: npm run upgrade -- ${name} ${container.workload} --remove-old`,
  );
}

/** The database of the stack, or the one that is named. */
async function databaseOf(stack: Stack, database: string | undefined): Promise<Container> {
  const all = (await containersOf(stack)).filter(({ role }) => role === "database");
  const [found, ...others] = all.filter(({ workload }) => database === undefined || workload === database);
  if (found !== undefined && others.length === 0) return found;
  const names = list(all.map(({ workload }) => workload));
  if (all.length === 0) {
    throw new Problem({
      what: `The stack ${stack.name} has no database that was deployed.`,
      fix: `npm start -- ${stack.name} makes what it declares`,
    });
  }
  throw new Problem({
    what: database === undefined ? "The stack has several databases." : "The stack has no such database.",
    ...(database !== undefined && { value: JSON.stringify(database) }),
    allowed: names,
    fix: `name one: npm run upgrade -- ${stack.name} ${all[0]?.workload}`,
  });
}

function undeclared(database: string): Problem {
  return new Problem({
    what: `The stack does not declare ${database} any more.`,
    fix: "declare it again, with the version that its data is to have",
  });
}

function empty({ name }: Stack, { node }: Container): Problem {
  return new Problem({
    what: `There is no data of ${node} yet.`,
    fix: `npm start -- ${name} creates it in the version that is declared`,
  });
}

function older({ node }: Container, from: number, to: number): Problem {
  return new Problem({
    what: `The data of ${node} is newer than what the stack declares, and nothing brings it back.`,
    value: `PostgreSQL ${from}, declared is ${to}`,
    fix: `write version: ${from} at new Postgres`,
  });
}

async function removeOld(
  { name }: Stack,
  { host, id, node, state }: Container,
  { versions }: DatabaseData,
): Promise<void> {
  if (versions.length < 2) {
    console.log(`\nThere is no data of an older version beside that of ${node}.`);
    return;
  }
  if (state !== "running") {
    throw new Problem({
      what: `${node} does not run.`,
      fix: `npm start -- ${name}; see that all is well before you remove what was`,
    });
  }
  const removed = await step("Older data", () => docker(["exec", id, "remove-old"], { host, seconds: 600 }));
  console.log(`\n${removed.trim()}`);
}

/** As `npm start` does it: a server of the new version takes the place of the old one. */
async function deploy(name: string): Promise<void> {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/start.ts", name], { stdio: "inherit" });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return;
  throw new Problem({
    what: "The data was brought over, but the deployment failed; it says why above.",
    fix: `mend it, then npm run upgrade -- ${name} again: it goes on from here`,
  });
}

await run(
  verb("upgrade", "Bring the data of a database to the version of PostgreSQL that the stack declares.")
    .argument("[database]", "the database (default: the only one)")
    .option("--remove-old", "remove the data of the version before, which an upgrade leaves beside the new")
    .addHelpText(
      "after",
      "\nThe server is stopped, its data is checked and copied by pg_upgrade, the stack is deployed, and statistics are gathered." +
        "\nThe data of before stays as it was. What is interrupted at any moment can be begun again.",
    )
    .action(upgrade),
);
