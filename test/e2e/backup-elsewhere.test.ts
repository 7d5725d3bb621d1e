import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { OtherMachine } from "./repositories/other-machine.ts";
import { docker, until } from "./run.ts";
import { Site } from "./site.ts";

const folder = temporaryFolder();
let machine: OtherMachine;

beforeAll(async () => {
  machine = await OtherMachine.start(`${PROJECT_PREFIX}-other-machine`, folder);
});
afterAll(() => machine?.remove());

describe.each([
  { stack: "sftp", here: "find /backup -type f" },
  { stack: "s3", here: "find /store/shop-backup -type f" },
])("a repository reached by $stack", ({ stack, here }) => {
  const site = new Site(
    `${PROJECT_PREFIX}-elsewhere`,
    { http: 23082, https: 23445 },
    "test/e2e/stacks/backup-elsewhere.ts",
    stack,
  );
  const sql = async (statement: string) =>
    docker("exec", await site.container("db"), "psql", "-XAtqU", "postgres", "-c", statement);
  const pause = () => new Promise((resolve) => setTimeout(resolve, 1200));

  beforeAll(async () => {
    const { code, output } = await site.deploy(machine.context);
    expect(code, output).toBe(0);
    await site.allHealthy();
  });
  afterAll(() => site.remove());

  test("takes backups, and gives the rows of a second and a secret back", async () => {
    await sql("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id");
    // The first one is made as soon as the server is there, and another is refused meanwhile.
    await until("a backup is made", 180, async () => {
      const { code, output } = await site.verb("backup", [stack]);
      if (!output.includes("runs already")) expect(code, output).toBe(0);
      return code === 0;
    });
    const files = await machine.run(here);
    expect(files).toMatch(/databases\/backup\/db\/.*\/backup\.manifest$/m);
    expect(files).toMatch(/files\/snapshots\/[0-9a-f]{64}$/m);

    await sql("INSERT INTO kept VALUES (0)");
    await pause();
    const second = new Date().toISOString().replace("T", " ").slice(0, 19);
    await pause();
    await sql("DROP TABLE kept");
    const secret = join(site.directory, site.project, "secrets", stack, "db_key");
    rmSync(secret);
    const { code, output } = await site.verb("restore", [stack, "--to", second, "--overwrite"]);
    expect(code, output).toBe(0);
    expect(await sql("SELECT count(*), min(id) FROM kept")).toBe("1001|0");
    expect(existsSync(secret)).toBe(true);
  });

  test("is proven by a drill, after the restore too", async () => {
    const { code, output } = await site.verb("drill", [stack, "--no-copy", "--json"]);
    expect(code, output).toBe(0);
    const record = JSON.parse(output.slice(output.indexOf("{")));
    expect(record).toMatchObject({ ok: true, damage: [], rows: 1001 });
    expect(record.files).toBeGreaterThan(0);
  });
});
