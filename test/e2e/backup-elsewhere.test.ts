import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { OtherMachine } from "./repositories/other-machine.ts";
import { docker } from "./run.ts";
import { Site } from "./site.ts";

const project = `${PROJECT_PREFIX}-elsewhere`;
const siteOf = (stack: string) =>
  new Site(project, { http: 23082, https: 23445 }, "test/e2e/stacks/backup-elsewhere.ts", stack);

describe.each(["sftp", "s3"])("a repository reached by %s", (stack) => {
  const site = siteOf(stack);
  let machine: OtherMachine;
  const sql = async (statement: string) =>
    docker("exec", await site.container("db"), "psql", "-XAtqU", "postgres", "-c", statement);

  beforeAll(async () => {
    machine = await OtherMachine.start(project, join(site.directory, `${stack}-keys`));
    const { code, output } = await site.deploy(machine.context);
    expect(code, output).toBe(0);
    await machine.join(`${project}-${stack}-backup`);
  });
  afterAll(async () => {
    await machine.remove();
    await site.remove();
  });

  test("takes a backup, and gives the rows of a second back", async () => {
    await sql("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id");
    const backup = await site.verb("backup", [stack]);
    expect(backup.code, backup.output).toBe(0);
    await sql("INSERT INTO kept VALUES (0)");
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const second = new Date().toISOString().replace("T", " ").slice(0, 19);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await sql("DROP TABLE kept");
    const { code, output } = await site.verb("restore", [stack, "--to", second, "--overwrite"]);
    expect(code, output).toBe(0);
    expect(await sql("SELECT count(*), min(id) FROM kept")).toBe("1001|0");
    const verify = "python3 -m slipway_backup.database --verify; echo exit $?";
    expect(await docker("exec", await site.container("backup-db"), "sh", "-c", verify)).toMatch(/exit 0$/);
  });
});
