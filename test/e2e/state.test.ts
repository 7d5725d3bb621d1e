import { appendFileSync, cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Release } from "../../modules/release/release.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { load } from "./load.ts";
import { docker, run } from "./run.ts";
import { Site } from "./site.ts";
import { Visitor } from "./visitor.ts";

const MAIN = "test/e2e/stacks/state.ts";
const site = new Site(`${PROJECT_PREFIX}-state`, { http: 23081, https: 23444 }, MAIN, "state");
const source = join(temporaryFolder(), "greeter");

/** The context of a release with another image and another configuration. */
function release(greeting: string): Record<string, string> {
  appendFileSync(join(source, "greeter.py"), `# ${greeting}\n`);
  return { source, greeting };
}

const greeting = async () => (await (await Visitor.to(site)).get("/")).body.split("\n")[0];
const sql = async (database: string, statement: string) =>
  docker("exec", await site.container("db"), "psql", "-XAtqU", "postgres", "-d", database, "-c", statement);

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
    const failed = await site.verb("start", ["state"], {
      CDKTF_APP: `node --import tsx ${MAIN}`,
      ...site.env({ source, greeting: "broken" }),
    });
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
