import { chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { extent } from "./extent.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { Ledger } from "./ledger.ts";
import { docker, run, until } from "./run.ts";
import { Site } from "./site.ts";
import { SmallDisk } from "./small-disk.ts";

const site = new Site(
  `${PROJECT_PREFIX}-database`,
  { http: 18190, https: 18590 },
  "test/e2e/stacks/database.ts",
  "database",
);
/** Of the server's process. */
const KILLS = extent(10, 50);
/** Of the database's user in its image. */
const USER = 5432;

/** Only root mounts disks; without it the database is on the engine's own volumes, and no disk is filled. */
const isRoot = process.getuid?.() === 0;
const disk = new SmallDisk(temporaryFolder());

const context = (version: 15 | 17) => ({ version: `${version}`, ...(isRoot && { folder: disk.folder }) });

const upgrade = (...options: readonly string[]) =>
  site.verb("upgrade", ["database", ...options], {
    ...site.env(context(17)),
    CDKTF_APP: "npx tsx test/e2e/stacks/database.ts",
  });

const inDatabase = async (...command: readonly string[]) =>
  run("docker", ["exec", await site.container("db"), ...command]);
const sql = async (statement: string) =>
  docker("exec", await site.container("db"), "psql", "-U", "postgres", "-d", "ledger", "-Atc", statement);
const stored = async () => new Set((await sql("SELECT id FROM entry")).split("\n"));

/** What `npm run status` says of the database. */
async function status(): Promise<{ health: string; problem: string | null; note: string | null }> {
  const { output } = await site.verb("status", ["database", "--json"]);
  const { nodes } = JSON.parse(output.slice(output.indexOf("{")));
  return nodes.find(({ node }: { node: string }) => node === "db");
}

describe("a database server", () => {
  beforeAll(async () => {
    if (isRoot) {
      await disk.make(700);
      mkdirSync(join(disk.folder, "db"));
      chownSync(join(disk.folder, "db"), USER, USER);
    }
    const { code, output } = await site.deploy(context(15));
    expect(code, output).toBe(0);
    await site.allHealthy();
  });
  afterAll(async () => {
    await site.remove();
    await disk.remove();
  });

  test("has the extensions of the stack in the database of the application", async () => {
    expect(await sql("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1")).toBe(
      "pg_trgm\nuuid-ossp",
    );
  });

  describe("with data of PostgreSQL 15", () => {
    const hash = () => sql("SELECT count(*) || md5(string_agg(id || body, ',' ORDER BY id)) FROM entry");
    let before = "";

    test("is not replaced by one of 17, which says what to do and changes nothing", async () => {
      await sql(
        "INSERT INTO entry SELECT gen_random_uuid(), repeat(md5(i::text), 10) FROM generate_series(1, 50000) i",
      );
      await sql("CREATE INDEX by_body ON entry USING gin (body gin_trgm_ops)");
      before = await hash();
      const { code } = await site.deploy(context(17));
      expect(code).not.toBe(0);
      expect((await status()).problem).toContain(
        "the data is of PostgreSQL 15 and this server is 17; npm run upgrade -- database db brings it over, nothing was changed",
      );
      expect(await docker("inspect", "--format", "{{.RestartCount}}", await site.container("db"))).toBe("0");
    });

    test("is brought to 17, although the first attempt ended in the middle, with the same rows", async () => {
      const name = `${await site.container("db")}-upgrade`;
      const first = upgrade();
      await until("it is at work", 600, async () =>
        (await run("docker", ["logs", name])).output.includes("bringing"),
      );
      await docker("rm", "--force", name);
      const { code, output } = await first;
      expect(code, output).not.toBe(0);
      expect(output).toContain("it is as it was");

      const second = await upgrade("db");
      expect(second.code, second.output).toBe(0);
      expect(second.output).toContain("--remove-old");
      expect(await sql("SHOW server_version_num")).toMatch(/^17/);
      expect(await hash()).toBe(before);
      expect(await sql("SELECT count(*) FROM pg_stats WHERE tablename = 'entry'")).not.toBe("0");
      // The md5 of 1, found by the index of the extension.
      expect(
        await sql("SELECT count(*) FROM entry WHERE body LIKE '%c4ca4238a0b923820dcc509a6f75849b%'"),
      ).toBe("1");
    });

    test("goes on in 17, and a server of 15 refuses what it became", async () => {
      const ledger = await Ledger.of(site);
      const load = ledger.write(2);
      await until("the nodes write", 20, async () => ledger.acknowledged.size > 10);
      await load();
      const after = await hash();
      expect((await site.deploy(context(15))).code).not.toBe(0);
      expect((await status()).problem).toContain("declare version: 17, nothing was changed");
      const { code, output } = await site.deploy(context(17));
      expect(code, output).toBe(0);
      expect(await hash()).toBe(after);
    });

    test("keeps the data of before until it is told to remove it", async () => {
      expect((await inDatabase("ls", "/var/lib/postgresql/15")).code).toBe(0);
      const { code, output } = await upgrade("db", "--remove-old");
      expect(code, output).toBe(0);
      expect(output).toMatch(/removed the data of PostgreSQL 15, \d+ MiB/);
      expect((await inDatabase("ls", "/var/lib/postgresql/15")).code).not.toBe(0);
      expect((await upgrade()).output).toContain("nothing is to be done");
    });
  });

  test("is killed again and again under load: healthy within 10 s, and no acknowledged commit is lost", async () => {
    const nodes = (await site.containers()).map(({ Id }) => Id);
    const ledger = await Ledger.of(site);
    const load = ledger.write(6);
    const seconds: number[] = [];
    for (let time = 0; time < KILLS; time += 1) {
      const before = ledger.acknowledged.size;
      await until("something is written", 10, async () => ledger.acknowledged.size > before + 10);
      await inDatabase("sh", "-c", 'kill -9 "$(head -n 1 "$PGDATA/postmaster.pid")"');
      const killed = Date.now();
      const known = ledger.acknowledged.size;
      await until(`healthy after kill ${time + 1}`, 10, async () => (await inDatabase("health")).code === 0);
      await until("the nodes write again", 10, async () => ledger.acknowledged.size > known + 10);
      seconds.push((Date.now() - killed) / 1000);
    }
    await load();
    console.log(
      `${KILLS} kills: written again after ${Math.max(...seconds).toFixed(1)} s at most, ${(seconds.reduce((a, b) => a + b) / KILLS).toFixed(1)} s on average; ${ledger.acknowledged.size} commits were acknowledged`,
    );
    const there = await stored();
    expect([...ledger.acknowledged].filter((id) => !there.has(id))).toEqual([]);
    await site.allHealthy();
    // By themselves: the containers are those of before, and none was started again.
    expect((await site.containers()).map(({ Id }) => Id)).toEqual(nodes);
    expect(await docker("inspect", "--format", "{{.RestartCount}}", await site.container("db"))).toBe("0");
  });

  test("a server whose process crashes is started again", async () => {
    await until("the server answers", 30, async () => (await inDatabase("health")).code === 0);
    const started = await sql("SELECT pg_postmaster_start_time()");
    await inDatabase("sh", "-c", "kill -SEGV $(pgrep --full 'postgres: walwriter')");
    await until("another server answers", 10, async () => {
      const { code, output } = await inDatabase(
        "psql",
        "-U",
        "postgres",
        "-Atc",
        "SELECT pg_postmaster_start_time()",
      );
      return code === 0 && output.trim() !== started;
    });
    await site.allHealthy();
  });

  describe.skipIf(!isRoot)("on a disk that fills", () => {
    test("tells before it is too late", async () => {
      await disk.fill(50);
      await until("status has a note", 20, async () => (await status()).note !== null);
      expect(await status()).toMatchObject({ health: "healthy", problem: null });
      expect((await status()).note).toMatch(
        /soon full: \d+ of \d+ MiB are free \(local folder .*\); enlarge it/,
      );
    });

    test("says that it is full, waits without ending again and again, and goes on with everything when there is room", async () => {
      const ledger = await Ledger.of(site);
      const load = ledger.write(2);
      await disk.fill(20);
      const fill =
        "INSERT INTO entry SELECT gen_random_uuid(), repeat('x', 1000) FROM generate_series(1, 20000)";
      let outcome = { code: 0 as number | null, output: "" };
      for (let time = 0; time < 20 && outcome.code === 0; time += 1) {
        outcome = await inDatabase("psql", "-U", "postgres", "-d", "ledger", "-c", fill);
      }
      expect(outcome.code, outcome.output).not.toBe(0);
      await disk.fill(0);
      await docker("restart", await site.container("db"));
      await until("it is unhealthy", 120, async () => (await status()).health === "unhealthy");
      expect((await status()).problem).toMatch(
        /the volume of the data is full: \d+ of \d+ MiB are free \(local folder .*\); enlarge it, or delete what else is there, and the server goes on by itself/,
      );
      expect(await docker("inspect", "--format", "{{.RestartCount}}", await site.container("db"))).toBe("0");
      disk.clear();
      await until("it goes on by itself", 60, async () => (await site.health("db")) === "healthy");
      const known = ledger.acknowledged.size;
      await until("the nodes write again", 10, async () => ledger.acknowledged.size > known);
      await load();
      const there = await stored();
      expect([...ledger.acknowledged].filter((id) => !there.has(id))).toEqual([]);
    });
  });
});
