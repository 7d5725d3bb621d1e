import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const IMAGE = fileURLToPath(new URL("../../../modules/jobs/image", import.meta.url));
const usable =
  process.platform === "linux" &&
  spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]).status === 0;
/** Times that a job never takes, nor a test. */
const NEVER = 3600;

const folders = temporaryFolder();
const started: ChildProcess[] = [];
// Side by side, as they mostly wait.
afterAll(() => {
  for (const { pid } of started.splice(0)) {
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch {
      // It ended.
    }
  }
});

interface Record {
  readonly result: string;
  readonly exitCode: number | null;
  readonly seconds: number | null;
  readonly output: readonly string[];
}

/** The jobs of a container, in folders of a test. */
class Container {
  readonly folder = mkdtempSync(join(folders, "container-"));
  readonly state = join(this.folder, "state");
  readonly #environment: NodeJS.ProcessEnv;

  constructor(...jobs: readonly object[]) {
    mkdirSync(this.state);
    this.write(...jobs);
    this.#environment = {
      ...process.env,
      PYTHONPATH: IMAGE,
      PYTHONDONTWRITEBYTECODE: "1",
      SLIPWAY_JOBS_FILE: join(this.folder, "jobs.json"),
      SLIPWAY_JOBS_FOLDER: this.state,
      SLIPWAY_JOBS_ALIVE: join(this.folder, "alive"),
    };
  }

  write(...jobs: readonly object[]): void {
    const usual = { schedule: { every: NEVER }, overlap: "forbid", timeout: NEVER, grace: 1 };
    writeFileSync(join(this.folder, "jobs.json"), JSON.stringify(jobs.map((job) => ({ ...usual, ...job }))));
  }

  start(module = "slipway_jobs", ...words: readonly string[]): Running {
    const child = spawn("python3", ["-m", module, ...words], {
      env: this.#environment,
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, to end with all that it runs.
      detached: true,
    });
    started.push(child);
    return new Running(child);
  }

  async health(): Promise<{ code: number | null; jobs: readonly (Record & { readonly skipped: number })[] }> {
    const look = this.start("slipway_jobs.health");
    const code = await look.exit();
    return { code, ...JSON.parse(look.output.split("\n")[0] ?? "") };
  }

  result(name: string): Record {
    return JSON.parse(readFileSync(join(this.state, `${name}.json`), "utf8"));
  }

  read(file: string): string {
    const path = join(this.folder, file);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  }
}

class Running {
  output = "";
  readonly child: ChildProcess;

  constructor(child: ChildProcess) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (data) => {
        this.output += data;
      });
    }
  }

  /** Waits until it has printed this. */
  async said(text: string): Promise<void> {
    await until(
      () => this.output.includes(text),
      () => this.output,
    );
  }

  stop(signal: NodeJS.Signals = "SIGTERM"): void {
    this.child.kill(signal);
  }

  async exit(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "close");
    return this.child.exitCode;
  }
}

async function until(fact: () => boolean, state: () => string): Promise<void> {
  for (let look = 0; look < 400; look += 1) {
    if (fact()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`it did not happen; there is: ${state()}`);
}

const sh = (script: string) => ["sh", "-c", script];

describe.skipIf(!usable).concurrent("the scheduler of a container", { timeout: 20_000 }, () => {
  test("runs a job at once, with its lines in the log, and keeps what became of it", async () => {
    const container = new Container({ name: "report", command: sh("echo one; echo two >&2; exit 3") });
    const scheduler = container.start();
    await scheduler.said("report failed");
    expect(scheduler.output).toContain("report: one\nreport: two\n");
    expect(container.result("report")).toMatchObject({
      result: "failed",
      exitCode: 3,
      output: ["one", "two"],
    });
    expect(await container.health()).toMatchObject({ code: 0, jobs: [{ name: "report", result: "failed" }] });
    scheduler.stop();
    expect(await scheduler.exit()).toBe(0);
    expect((await container.health()).code).toBe(1);
  });

  test("leaves out a run that is due while one runs, and counts it", async () => {
    const container = new Container({
      name: "slow",
      schedule: { every: 0.5 },
      command: ["sleep", "60"],
    });
    const scheduler = container.start();
    await until(
      () => Number(/"skipped": (\d+)/.exec(container.read("state/slow.plan.json"))?.[1] ?? 0) >= 2,
      () => scheduler.output,
    );
    expect(container.result("slow").result).toBe("running");
    expect((await container.health()).jobs[0]?.skipped).toBeGreaterThanOrEqual(2);
  });

  test("ends the run before where it is to be replaced", async () => {
    const container = new Container({
      name: "slow",
      schedule: { every: 1 },
      overlap: "replace",
      command: sh("echo begins; sleep 60"),
    });
    const scheduler = container.start();
    await until(
      () => scheduler.output.split("slow replaced").length > 2 && scheduler.output.split("begins").length > 3,
      () => scheduler.output,
    );
    expect(container.result("slow").result).toBe("running");
  });

  test("ends a run that takes too long, and what it started, whether they listen or not", async () => {
    const container = new Container({
      name: "deaf",
      timeout: 0.3,
      grace: 0.3,
      command: sh("trap '' TERM; sleep 61 & echo $!; sleep 62"),
    });
    const scheduler = container.start();
    await scheduler.said("deaf timed-out");
    const { result, exitCode, output } = container.result("deaf");
    expect({ result, exitCode }).toEqual({ result: "timed-out", exitCode: 124 });
    await until(
      () => !existsSync(`/proc/${output[0]}/cmdline`) || zombie(output[0]),
      () => String(output),
    );
  });

  test("lets what runs end when it is told to stop, and begins nothing more", async () => {
    const container = new Container(
      { name: "long", command: sh("echo begins; sleep 1; echo ends") },
      { name: "often", schedule: { every: 0.3 }, command: ["true"] },
    );
    const scheduler = container.start();
    await scheduler.said("begins");
    scheduler.stop();
    await scheduler.said("stops when long has ended");
    const plan = container.read("state/often.plan.json");
    expect(await scheduler.exit()).toBe(0);
    expect(scheduler.output).toContain("long succeeded");
    const next = (text: string) => JSON.parse(text).next;
    expect(next(container.read("state/often.plan.json"))).toBe(next(plan));
  });

  test("tells of a run that was interrupted, and goes on with the time that was due", async () => {
    const container = new Container({ name: "long", command: sh("echo begins; sleep 60") });
    const before = container.start();
    await before.said("begins");
    process.kill(-(before.child.pid ?? 0), "SIGKILL");
    await before.exit();
    expect((await container.health()).jobs).toMatchObject([{ name: "long", result: "interrupted" }]);
    const after = container.start();
    await after.said("long, which ran since");
    expect(container.result("long")).toMatchObject({ result: "interrupted" });
    // It was due once in this hour.
    after.stop();
    await after.exit();
    expect(after.output).not.toContain("begins");
  });

  test("runs once what it has missed, and keeps to its times", async () => {
    const container = new Container({ name: "often", schedule: { every: 100 }, command: ["true"] });
    const plan = join(container.state, "often.plan.json");
    const missed = Date.now() - 1_010_000;
    writeFileSync(
      plan,
      JSON.stringify({ next: new Date(missed).toISOString(), schedule: "every 100 s", skipped: 4 }),
    );
    const scheduler = container.start();
    await scheduler.said("often succeeded");
    scheduler.stop();
    await scheduler.exit();
    expect(scheduler.output.split("often succeeded")).toHaveLength(2);
    const { next, skipped } = JSON.parse(readFileSync(plan, "utf8"));
    expect({ next: Date.parse(next), skipped }).toEqual({ next: missed + 1_100_000, skipped: 0 });
  });

  test("waits for the scheduler of the release before", async () => {
    const container = new Container({ name: "long", command: sh("echo begins; sleep 1") });
    const before = container.start();
    await before.said("begins");
    const after = container.start();
    await after.said("waits until the scheduler before has ended");
    before.stop();
    expect(await before.exit()).toBe(0);
    expect(before.output).toContain("long succeeded");
    await until(
      () => existsSync(join(container.folder, "alive")),
      () => after.output,
    );
    after.stop();
    expect(await after.exit()).toBe(0);
  });

  test("says what is wrong with its file", async () => {
    const container = new Container({
      name: "late",
      schedule: { cron: "0 3 * * *", timezone: "Mars/Olympus" },
    });
    const scheduler = container.start();
    expect(await scheduler.exit()).toBe(1);
    expect(scheduler.output).not.toContain("Traceback");
    expect(scheduler.output).toContain("cannot be read");
  });
});

describe.skipIf(!usable).concurrent("a job that is run by hand", { timeout: 20_000 }, () => {
  test("prints its output, and its exit code is the job's", async () => {
    const container = new Container({ name: "report", command: sh("echo done; exit 7") });
    const run = container.start("slipway_jobs.run", "report");
    expect(await run.exit()).toBe(7);
    expect(run.output).toBe("done\n");
    expect(container.result("report")).toMatchObject({ result: "failed", exitCode: 7 });
  });

  test("is not run beside the scheduler's", async () => {
    const container = new Container({ name: "long", command: sh("echo begins; sleep 60") });
    await container.start().said("begins");
    const run = container.start("slipway_jobs.run", "long");
    expect(await run.exit()).toBe(75);
    expect(run.output).toContain("long runs already");
  });

  test("replaces the scheduler's where the job says so", async () => {
    const container = new Container({
      name: "long",
      overlap: "replace",
      command: sh(
        'echo begins; test -f "$SLIPWAY_JOBS_FOLDER/second" || { touch "$SLIPWAY_JOBS_FOLDER/second"; sleep 60; }',
      ),
    });
    const scheduler = container.start();
    await scheduler.said("begins");
    const run = container.start("slipway_jobs.run", "long");
    expect(await run.exit()).toBe(0);
    await scheduler.said("long replaced");
  });

  test("is one that there is", async () => {
    const container = new Container({ name: "report", command: ["true"] });
    const run = container.start("slipway_jobs.run", "rapport");
    expect(await run.exit()).toBe(2);
    expect(run.output).toContain("there is no job rapport; there are: report");
  });

  test("cannot be a command that there is not", async () => {
    const container = new Container({ name: "report", command: ["nonesuch"] });
    const run = container.start("slipway_jobs.run", "report");
    expect(await run.exit()).toBe(127);
    expect(run.output).toContain("nonesuch cannot be run");
  });
});

function zombie(pid: string | undefined): boolean {
  return readFileSync(`/proc/${pid}/status`, "utf8").includes("State:\tZ");
}
