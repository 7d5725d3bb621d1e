import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker, ok, until } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";

const site = new Site(
  `${PROJECT_PREFIX}-backup`,
  { http: 23081, https: 23444 },
  "test/e2e/stacks/backup.ts",
  "backup",
);

const sql = async (statement: string) =>
  docker("exec", await site.container("db"), "psql", "-XAtqU", "postgres", "-d", "shop", "-c", statement);
const inside = async (node: string, ...words: string[]) =>
  docker("exec", await site.container(node), ...words);

/** Changes one bit in the middle of a file, or changes it back. */
const FLIP = `import sys
path = sys.argv[1]
with open(path, "r+b") as file:
    data = file.read(); at = len(data) // 2
    file.seek(at); file.write(bytes([data[at] ^ 1]))`;

async function withFlipped(node: string, path: string, look: () => Promise<void>): Promise<void> {
  // restic makes its files read-only.
  const flip = () => inside(node, "sh", "-c", `chmod u+w "$1"; python3 -c '${FLIP}' "$1"`, "sh", path);
  await flip();
  await look().finally(flip);
}

/** One file of each kind in a repository: their names without what counts, and their places without the dates. */
async function kindsOf(node: string, folder: string): Promise<string[]> {
  const files = (await inside(node, "find", folder, "-type", "f", "!", "-path", "*/locks/*"))
    .split("\n")
    .sort();
  const kinds = new Map(
    files.map((file) => [
      file
        .slice(folder.length)
        .replace(/[0-9A-Fa-f]{6,}|[0-9]+/g, "N")
        .replace(/-N/g, ""),
      file,
    ]),
  );
  return [...kinds.values()];
}

const helpers = () =>
  docker(
    "ps",
    "--all",
    "--quiet",
    "--filter",
    `label=slipway.project=${site.project}`,
    "--filter",
    "label=slipway.helper",
  );

describe("backups", () => {
  beforeAll(async () => {
    await deployed(site);
    await sql(`CREATE TABLE items AS SELECT g AS id, md5(g::text) AS name, now() AS at, g * 1.5 AS price
      FROM generate_series(1, 1000000) g; ALTER TABLE items ADD PRIMARY KEY (id);
      CREATE TABLE notes (id int, body json); INSERT INTO notes VALUES (1, '{"a": 1}'); CREATE TABLE empty ()`);
    await inside(
      "shop",
      "/srv/venv/bin/python",
      "-c",
      "import os\nfor i in range(1000): open(f'/srv/shared/uploads/{i}.bin', 'wb').write(os.urandom(2000))",
    );
    const { code, output } = await site.verb("backup", ["backup", "--full"]);
    expect(code, output).toBe(0);
    expect(output).toMatch(/files +1004 files/);
  });
  afterAll(() => site.remove());

  test("are proven by a drill, of which nothing is left but its record", async () => {
    const { code, output } = await site.verb("drill", ["backup", "--json"]);
    expect(code, output).toBe(0);
    const record = JSON.parse(output.slice(output.indexOf("{")));
    expect(record).toMatchObject({ ok: true, damage: [], filesChangedSince: 0 });
    expect(record.rows).toBeGreaterThan(1_000_000);
    expect(record.files).toBeGreaterThanOrEqual(1000);
    expect(record.ratio).toBeGreaterThan(0);
    const folder = join(site.directory, site.project, "drills", "backup");
    const [file = ""] = readdirSync(folder);
    expect(JSON.parse(readFileSync(join(folder, file), "utf8"))).toEqual(record);
    expect(await helpers()).toBe("");
  });

  test("notice one flipped bit in every kind of file of the databases' repository", async () => {
    const verify = ["sh", "-c", "python3 -m slipway_backup.database --verify 2>&1; echo exit $?"];
    const kinds = await kindsOf("backup-db", "/srv/backup/databases");
    expect(kinds.length).toBeGreaterThan(8);
    expect(await inside("backup-db", ...verify)).toMatch(/exit 0$/);
    for (const path of kinds) {
      await withFlipped("backup-db", path, async () => {
        expect(await inside("backup-db", ...verify), path).toMatch(/exit 1$/);
      });
    }
  });

  test("notice one flipped bit in every kind of file of the files' repository", async () => {
    const check = ["sh", "-c", "restic --quiet --no-cache --no-lock check --read-data 2>&1; echo exit $?"];
    const kinds = await kindsOf("backup-files", "/srv/backup/files");
    expect(kinds.map((path) => path.split("/")[4])).toEqual(
      expect.arrayContaining(["config", "data", "index", "keys", "snapshots"]),
    );
    expect(await inside("backup-files", ...check)).toMatch(/exit 0$/);
    for (const path of kinds) {
      await withFlipped("backup-files", path, async () => {
        expect(await inside("backup-files", ...check), path).not.toMatch(/exit 0$/);
      });
    }
  });

  test("fail a drill that finds another row, or a damaged file", async () => {
    const [bundle = ""] = (await kindsOf("backup-db", "/srv/backup/databases")).filter((path) =>
      path.includes("bundle"),
    );
    await withFlipped("backup-db", bundle, async () => {
      const { code, output } = await site.verb("drill", ["backup", "--no-copy"]);
      expect(code).toBe(1);
      expect(output).toContain("The backups are not good");
    });
  });

  test("restore to a second between two transactions, when told to overwrite, and can be interrupted", async () => {
    await sql("INSERT INTO items (id) VALUES (-1)");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const second = new Date().toISOString().replace("T", " ").slice(0, 19);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await sql("INSERT INTO items (id) VALUES (-2); DELETE FROM items WHERE id = 7");
    const upload = "/srv/shared/uploads/7.bin";
    const before = await inside("shop", "sha256sum", upload);
    await inside("shop", "sh", "-c", `echo changed > ${upload}; echo new > /srv/shared/uploads/new.bin`);

    const asked = await site.verb("restore", ["backup", "--to", second]);
    expect(asked.code).toBe(1);
    expect(asked.output).toContain("Nothing was changed");
    expect(await sql("SELECT count(*) FROM items WHERE id < 0")).toBe("2");

    // Killed as soon as it is at work on the data.
    const interrupt = new AbortController();
    const killed = site.verb("restore", ["backup", "--to", second, "--overwrite"], {}, interrupt.signal);
    await until("the data is restored beside", 120, async () => (await helpers()) !== "");
    interrupt.abort();
    await killed;

    const { code, output } = await site.verb("restore", ["backup", "--to", second, "--overwrite"]);
    expect(code, output).toBe(0);
    expect(await sql("SELECT string_agg(id::text, ' ' ORDER BY id) FROM items WHERE id IN (-1, -2, 7)")).toBe(
      "-1 7",
    );
    expect(await inside("shop", "sha256sum", upload)).toBe(before);
    expect(await inside("shop", "ls", "/srv/shared/uploads")).not.toContain("new.bin");
    expect(await helpers()).toBe("");
    await site.allHealthy();
    // A new history begins: both a backup and a drill go on from here.
    const next = await site.verb("drill", ["backup", "--no-copy"]);
    expect(next.code, next.output).toBe(0);
  });

  test("put a secret back that is missing from the store", async () => {
    const file = join(site.directory, site.project, "secrets", "backup", "db_shop_password");
    const value = readFileSync(file, "utf8");
    rmSync(file);
    const { code, output } = await site.verb("restore", ["backup", "--to", "latest", "--overwrite"]);
    expect(code, output).toBe(0);
    expect(existsSync(file) && readFileSync(file, "utf8")).toBe(value);
    expect(await sql("SELECT count(*) FROM items WHERE id = -1")).toBe("1");
  });

  test.each([
    ["yesterday", "That is no moment in time."],
    ["2999-01-01 00:00:00", "That moment is still to come."],
    ["2001-01-01 00:00:00", "That is before the first moment that can be restored."],
  ])("refuse to restore to %s, and name the range", async (moment, message) => {
    const { code, output } = await site.verb("restore", ["backup", "--to", moment, "--overwrite"]);
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(output).toMatch(/allowed: +latest, or a moment from 20.* to now/);
  });

  test("dump one application, and bring it back", async () => {
    await sql("DELETE FROM notes");
    await sql("INSERT INTO notes VALUES (2, '[]')");
    const env = site.env();
    const dump = join(site.directory, "shop.dump");
    await ok("sh", ["-c", `node --import tsx scripts/backup.ts backup --dump shop > ${dump}`], { env });
    await sql("DROP TABLE notes");
    await ok(
      "sh",
      ["-c", `node --import tsx scripts/restore.ts backup --application shop --overwrite < ${dump}`],
      { env },
    );
    expect(await sql("SELECT id FROM notes")).toBe("2");
    expect(await sql("SELECT tableowner FROM pg_tables WHERE tablename = 'notes'")).toBe("postgres");
  });
});
