import { setTimeout as sleep } from "node:timers/promises";
import { Option } from "commander";
import { createLogUpdate } from "log-update";
import pc from "picocolors";
import { run, verb } from "./command.ts";
import { Problem } from "./setup/problem.ts";
import { addressLines } from "./stack/addresses.ts";
import { describeJobs } from "./stack/jobs.ts";
import { type Stack, stackOf } from "./stack/stack.ts";
import { type ExternalStatus, type NodeStatus, type Status, statusOf } from "./stack/status.ts";
import { isUnusable, type StorageStatus, storageLine } from "./stack/storage.ts";
import { complaintOfNode, type SwarmNode } from "./stack/swarm.ts";
import { table } from "./stack/table.ts";
import { bytes, moment, span } from "./stack/words.ts";

/** Seconds between two looks of `--watch`. */
const PAUSE = 2;

interface Options {
  readonly json?: true;
  readonly watch?: true;
}

async function status(name: string, { json, watch: goesOn }: Options): Promise<void> {
  const stack = stackOf(name);
  if (goesOn) return watch(stack);
  const found = await statusOf(stack);
  process.stdout.write(json ? `${JSON.stringify(found, undefined, 2)}\n` : describe(found));
  if (!found.ok) process.exitCode = 1;
}

/** Shows the status again and again until it is interrupted, in the same place where there is a terminal. */
async function watch(stack: Stack): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupt.abort());
  const show = process.stdout.isTTY ? createLogUpdate(process.stdout) : undefined;
  while (!interrupt.signal.aborted) {
    const found = await statusOf(stack).then(describe, (error: unknown) => {
      // The engine may be on its way back.
      if (error instanceof Problem) return `${error.message}\n`;
      throw error;
    });
    const text = `${moment(new Date())} UTC\n${found}`;
    if (show === undefined) process.stdout.write(`${text}\n`);
    else show(text);
    await sleep(PAUSE * 1000, undefined, { signal: interrupt.signal }).catch(() => undefined);
  }
  show?.done();
}

/** The status for people: a table, what is wrong, and the addresses. */
function describe({
  stack,
  hosts,
  swarm,
  nodes,
  addresses,
  jobs,
  external,
  storage,
  drill,
  orphans,
  ok,
}: Status): string {
  const sick = nodes.filter(({ problem }) => problem !== null);
  const noted = nodes.filter(({ note }) => note !== null);
  const several = hosts.length > 1;
  const silent = hosts.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  const head = [
    "node",
    ...(several ? ["host"] : []),
    "state",
    "health",
    "since",
    "restarts",
    "memory",
    "image",
    "ports",
  ];
  const idle = nodes.every(({ state }) => state === "exited" || state === "missing");
  return [
    table(
      head,
      nodes.map((node) => row(node, several)),
    ),
    ...swarmLines(swarm ?? []),
    ...silent.flatMap((problem) => ["", `${pc.red("✖")} ${problem}`]),
    ...(ok ? [] : ["", ...sick.map(({ node, problem }) => `${pc.red("✖")} ${node} ${problem}`)]),
    ...(noted.length > 0 ? ["", ...noted.map(({ node, note }) => `${pc.yellow("!")} ${node}: ${note}`)] : []),
    ...(idle ? ["", `The stack ${stack} does not run; npm start -- ${stack} starts it.`] : []),
    ...describeJobs(jobs, stack),
    ...(storage.length > 0 ? ["", ...storage.map((one) => storedLine(one, several))] : []),
    ...(external.length > 0 ? ["", ...external.map(externalLine)] : []),
    ...(orphans.length > 0 ? ["", ...orphans.map((orphan) => orphanLine(orphan, several))] : []),
    ...(drill === null ? [] : ["", drillLine(drill)]),
    ...(addresses.length > 0 && !idle ? ["", addressLines(addresses)] : []),
    "",
  ].join("\n");
}

function swarmLines(machines: readonly SwarmNode[]): readonly string[] {
  const sick = machines.flatMap((machine) => complaintOfNode(machine) ?? []);
  const managers = machines.flatMap(({ name, manager }) => (manager === null ? [] : [name]));
  if (machines.length === 0) return [];
  const told = `Swarm of ${machines.length}, ${managers.length === 1 ? "manager" : "managers"} ${managers.join(", ")}`;
  return ["", `  ${told}`, ...sick.map((text) => `${pc.red("✖")} ${text}`)];
}

function externalLine({ name, address }: ExternalStatus): string {
  return `  ${name} is external: ${address}`;
}

function storedLine(one: StorageStatus, several: boolean): string {
  const told = `${several ? `${one.host}: ` : ""}${storageLine(one)}`;
  if (one.problem === null) return `  ${told}`;
  const mark = isUnusable(one) ? pc.red("✖") : pc.yellow("!");
  return `${mark} ${told} ${one.problem}`;
}

function orphanLine({ volume, host }: Status["orphans"][number], several: boolean): string {
  const where = several ? ` on ${host}` : "";
  return `${pc.yellow("!")} volume ${volume}${where} is not declared any more; docker volume rm ${volume} deletes its files`;
}

function drillLine({ date, ok }: NonNullable<Status["drill"]>): string {
  const ago = span(Date.now() - Date.parse(date));
  return `  drill ${ago} ago: ${ok ? pc.green("the backups were restored and the same") : pc.red("the backups are not good")}`;
}

function row(node: NodeStatus, several: boolean): readonly string[] {
  const { state, health, since, restarts, memory, image, ports } = node;
  const colour = node.problem === null ? pc.green : pc.red;
  const used = memory.used === null ? "–" : bytes(memory.used);
  return [
    node.node,
    ...(several ? [node.host ?? "–"] : []),
    colour(state),
    health === "none" ? "–" : colour(health),
    since === null ? "–" : span(Date.now() - Date.parse(since)),
    `${restarts}`,
    memory.limit === 0 ? used : `${used} / ${bytes(memory.limit)}`,
    image,
    ports.join(" "),
  ];
}

await run(
  verb("status", "Tell what of a stack runs, whether it is healthy, and its addresses.")
    .addOption(new Option("--json", "print it as JSON").conflicts("watch"))
    .option("-w, --watch", `look again every ${PAUSE} seconds, until Ctrl-C`)
    .addHelpText(
      "after",
      "\nExit code 0 when everything declared runs and is healthy, and no storage is full, 1 otherwise.\nA job whose last run failed is named, and changes nothing of that.",
    )
    .action(status),
);
