import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import pc from "picocolors";
import { run, verb } from "./command.ts";
import { onSignals } from "./setup/interrupt.ts";
import { Problem } from "./setup/problem.ts";
import type { Container } from "./stack/containers.ts";
import { spawnDocker } from "./stack/docker.ts";
import { inOrder, type LogLine, parseLogLine } from "./stack/log-lines.ts";
import { stackOf } from "./stack/stack.ts";
import { containersNamed } from "./stack/workloads.ts";

interface Options {
  readonly follow?: true;
  readonly since?: string;
  readonly tail: string;
}

const COLOURS = [pc.cyan, pc.yellow, pc.green, pc.magenta, pc.blue];

/** Clients that read; Ctrl-C ends them, and with them this. */
const children: ChildProcess[] = [];

async function logs(name: string, workload: string | undefined, options: Options): Promise<void> {
  if (!/^(all|\d+)$/.test(options.tail)) {
    throw new Problem({
      what: "--tail is not a number of lines.",
      value: options.tail,
      allowed: 'a whole number, or "all"',
      fix: "write --tail 100",
    });
  }
  const containers = await containersNamed(stackOf(name), workload);
  const write = writer(containers);
  onSignals(() => {
    for (const child of children) child.kill("SIGTERM");
  });
  if (options.follow) {
    await Promise.all(
      containers.map((container) => read(container, options, (line) => write(container, line))),
    );
    return;
  }
  const lines = await Promise.all(
    containers.map(async (container) => {
      const found: LogLine[] = [];
      await read(container, options, (line) => found.push(line));
      return found.map((line) => ({ ...line, container }));
    }),
  );
  for (const line of inOrder(lines)) write(line.container, line);
}

/** Reads the lines of one container until there are no more; of one that is followed, until it stops. */
function read({ id, host }: Container, options: Options, take: (line: LogLine) => void): Promise<void> {
  const child = spawnDocker(
    [
      "logs",
      "--timestamps",
      "--tail",
      options.tail,
      ...(options.follow ? ["--follow"] : []),
      ...(options.since === undefined ? [] : ["--since", options.since]),
      id,
    ],
    ["ignore", "pipe", "pipe"],
    host,
  );
  let refused = "";
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (text) => {
      const line = parseLogLine(text);
      if (line !== undefined) take(line);
      else refused = text;
    });
  }
  return new Promise((resolve, reject) => {
    children.push(child);
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0 || code === null || refused === "") resolve();
      else
        reject(
          new Problem({ what: "docker logs failed.", value: refused, fix: "see npm run logs -- --help" }),
        );
    });
  });
}

function writer(containers: readonly Container[]): (container: Container, line: LogLine) => void {
  const width = Math.max(...containers.map(({ node }) => node.length));
  const nodes = [...new Set(containers.map(({ node }) => node))];
  return ({ node }, { text }) => {
    const colour = COLOURS[nodes.indexOf(node) % COLOURS.length] ?? pc.white;
    process.stdout.write(`${colour(`${node.padEnd(width)} |`)} ${text}\n`);
  };
}

await run(
  verb("logs", "Show what the containers of a stack have logged, in the order in which it happened.")
    .argument("[workload]", "a workload or one of its nodes, such as guestbook or guestbook-1 (default: all)")
    .option("-f, --follow", "go on until Ctrl-C")
    .option("--since <time>", "only what is newer, such as 10m or 2026-01-31T12:00:00")
    .option("--tail <lines>", "last lines of each node, or all", "100")
    .action(logs),
);
