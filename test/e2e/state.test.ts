import { appendFileSync, cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Release } from "../../modules/release/release.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { extent } from "./extent.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { load } from "./load.ts";
import { docker, type Result, run, until } from "./run.ts";
import { Site } from "./site.ts";
import { Visitor } from "./visitor.ts";

const MAIN = "test/e2e/stacks/state.ts";
const site = new Site(`${PROJECT_PREFIX}-state`, { http: 23081, https: 23444 }, MAIN, "state");
const source = join(temporaryFolder(), "greeter");
/** Of deployments. */
const KILLS = extent(3, 10);

/** The context of a release with another image and another configuration. */
function release(greeting: string): Record<string, string> {
  appendFileSync(join(source, "greeter.py"), `# ${greeting}\n`);
  return { source, greeting };
}

const greeting = async () => (await (await Visitor.to(site)).get("/")).body.split("\n")[0];
const sql = async (database: string, statement: string) =>
  docker("exec", await site.container("db"), "psql", "-XAtqU", "postgres", "-d", database, "-c", statement);

/** `npm start` of a release. */
const start = (
  context: Record<string, string>,
  words: readonly string[] = [],
  kill?: AbortSignal,
): Promise<Result> =>
  site.verb(
    "start",
    ["state", ...words],
    { ...site.env(context), CDKTF_APP: `node --import tsx ${MAIN}` },
    kill,
  );

async function releases(): Promise<readonly Release[]> {
  const { code, output } = await site.verb("releases", ["state", "--json"]);
  expect(code, output).toBe(0);
  return JSON.parse(output).releases;
}

beforeAll(async () => {
  cpSync("test/e2e/apps/greeter", source, { recursive: true });
  await site.remove();
});
afterAll(() => site.remove());

describe("a release", () => {
  test("is recorded by a plain npx cdktf deploy, with all that makes it the same for ever", async () => {
    const words = ["--no", "cdktf", "deploy", "state", "--auto-approve", "--output", site.outdir];
    const { code, output } = await run("npx", [...words, "--app", `node --import tsx ${MAIN}`], {
      env: site.env(release("first")),
      limit: 600,
    });
    expect(code, output).toBe(0);
    await sql("postgres", "CREATE DATABASE shop");
    const [first] = await releases();
    expect(first).toMatchObject({ number: 1, stack: "state", engine: "Docker on this machine" });
    expect(first?.commit).toMatch(/^[0-9a-f]{40}$/);
    const image = await docker("inspect", "--format", "{{.Image}}", await site.container("hello"));
    expect(first?.images.hello?.id).toBe(image);
  });

  test("has the schema of its databases, and none is recorded where nothing changed", async () => {
    const second = await site.deploy(release("second"));
    expect(second.code, second.output).toBe(0);
    const again = await site.deploy({ source, greeting: "second" });
    expect(again.output).toContain("No changes");
    expect((await releases()).map(({ number }) => number)).toEqual([1, 2]);
    expect(Object.keys((await releases()).at(-1)?.schemas ?? {})).toEqual(["db/shop"]);
  });
});

describe("a rollback", () => {
  test("tells first what it would do, and that alone when asked", async () => {
    const { code, output } = await site.verb("rollback", ["state", "--dry-run"]);
    expect(code, output).toBe(0);
    expect(output).toContain("container hello: replaced; its successor is healthy before it stops");
    expect(output).not.toContain("container db");
    expect(await greeting()).toBe("second");
  });

  test("loses neither a read nor a write, and builds nothing", async () => {
    const nodeOf = (answer: string) => answer.split("\n")[0] ?? "";
    const options = { path: "/", nodeOf } as const;
    const loads = await Promise.all([load(site, 4, options), load(site, 4, { ...options, method: "POST" })]);
    const { code, output } = await site.verb("rollback", ["state"]);
    expect(code, output).toBe(0);
    for (const { outcomes, nodes } of await Promise.all(loads.map((stop) => stop()))) {
      expect(Object.keys(outcomes), JSON.stringify(outcomes)).toEqual(["200"]);
      expect([...nodes]).toEqual(["second", "first"]);
    }
    const [first, , third] = await releases();
    expect(third).toMatchObject({ number: 3, rollback: { from: 2, to: 1 }, images: first?.images });
    expect(await docker("inspect", "--format", "{{.Image}}", await site.container("hello"))).toBe(
      first?.images.hello?.id,
    );
    expect(output).not.toContain("image hello: build");
  });

  test("across a change of the schema is refused until it is said to be meant", async () => {
    await sql("shop", "CREATE TABLE customers (id integer)");
    const refused = await site.verb("rollback", ["state", "--to", "2"]);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain("The schema of db/shop has changed since release 2.");
    expect(await greeting()).toBe("first");
    const meant = await site.verb("rollback", ["state", "--to", "2", "--accept-schema"]);
    expect(meant.code, meant.output).toBe(0);
    expect(await greeting()).toBe("second");
  });

  test("to a release whose image is gone is refused with the commit to deploy", async () => {
    const [first] = await releases();
    await docker("image", "rm", first?.images.hello?.name ?? "");
    const { code, output } = await site.verb("rollback", ["state", "--to", "1", "--accept-schema"]);
    expect(code).toBe(1);
    expect(output).toContain("Images of release 1 are gone");
    expect(output).toContain(`git switch --detach ${first?.commit?.slice(0, 8)}`);
    expect(await greeting()).toBe("second");
  });

  test("after a release that failed returns to the one that serves", async () => {
    appendFileSync(join(source, "greeter.py"), "raise SystemExit('broken')\n");
    const failed = await start({ source, greeting: "broken" });
    expect(failed.code).toBe(1);
    expect(await greeting()).toBe("second");
    const { code, output } = await site.verb("rollback", ["state"]);
    expect(code, output).toBe(0);
    expect(output).toContain("Back to release 4");
    expect(await greeting()).toBe("second");
    expect(await site.containers()).toHaveLength(3);
    const { output: log } = await site.verb("releases", ["state", "--json"]);
    const outcomes = JSON.parse(log).audit.map(({ outcome }: { outcome: string }) => outcome);
    expect(outcomes.filter((outcome: string) => outcome === "failed")).toHaveLength(1);
    const text = readFileSync(join(source, "greeter.py"), "utf8");
    cpSync("test/e2e/apps/greeter", source, { recursive: true });
    expect(text).toContain("broken");
  }, 300_000);
});

describe("two deployments at once", () => {
  const lock = join(site.directory, site.project, "state/.state.tfstate.lock.info");

  test("one wins; the others wait for it, or stop with its holder's name", async () => {
    const context = release("alone");
    const first = start(context);
    await until("the first one has the lock", 120, async () => existsSync(lock));
    const plain = await site.terraform("apply", "-auto-approve", "-no-color");
    expect(plain.code).toBe(1);
    expect(plain.output).toMatch(/Error acquiring the state lock[\s\S]*Who: +\S+@\S+/);
    const [impatient, patient] = await Promise.all([start(context, ["--no-wait"]), start(context)]);
    expect(impatient.code).toBe(1);
    expect(impatient.output).toMatch(/Another run for the stack state is at work\.\n +got: +process \d+/);
    expect((await first).code, (await first).output).toBe(0);
    expect(patient.code, patient.output).toBe(0);
    expect(patient.output).toMatch(/waiting for the run for the stack state that runs as process \d+/);
    expect(await greeting()).toBe("alone");
  });
});

describe("a deployment that is killed", () => {
  /** The same numbers in each run, from 0 to 1. */
  function* numbers(seed: number): Generator<number> {
    for (let state = seed; ; ) {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      yield state / 2 ** 31;
    }
  }

  test("at random moments is finished by the next one each time", async () => {
    const began = Date.now();
    const whole = await site.deploy(release("whole"));
    expect(whole.code, whole.output).toBe(0);
    const length = Date.now() - began;
    const random = numbers(6);
    for (let turn = 0; turn < KILLS; turn += 1) {
      const context = release(`killed ${turn}`);
      // Each in a part of the time of its own, so that builds, starts and removals are all met.
      const moment = ((turn + (random.next().value ?? 0)) / KILLS) * length;
      const kill = AbortSignal.timeout(Math.round(moment));
      const killed = await (turn % 2 === 0 ? deployAndKill(context, kill) : start(context, [], kill));
      const next = await start(context);
      const told = `killed after ${Math.round(moment)} ms:\n${killed.output}\nthen:\n${next.output}`;
      expect(next.code, told).toBe(0);
      expect(await greeting(), told).toBe(`killed ${turn}`);
      expect(await site.containers(), told).toHaveLength(3);
      expect(await site.pending(), told).toBe(0);
    }
  }, 900_000);

  /** Terraform with its provider and all it runs, killed at once. */
  async function deployAndKill(context: Record<string, string>, kill: AbortSignal): Promise<Result> {
    const synth = await site.synth(context);
    if (kill.aborted) return synth;
    return run("terraform", ["apply", "-auto-approve", "-no-color"], {
      ...{ cwd: site.workingDirectory, env: site.env(), kill },
    });
  }
});
