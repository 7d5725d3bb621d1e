import { beforeAll, describe, expect, test } from "vitest";
import { docker, run, until } from "./run.ts";
import { deployed, devSite } from "./sites.ts";

const sql = async (statement: string) =>
  docker("exec", await devSite.container("db"), "psql", "-U", "postgres", "-Atc", statement);

describe("PostgreSQL", () => {
  beforeAll(() => deployed(devSite));

  test("has checksums, keeps passwords as SCRAM, and runs as its own user", async () => {
    expect(await sql("SHOW data_checksums")).toBe("on");
    expect(await sql("SELECT left(rolpassword, 13) FROM pg_authid WHERE rolname = 'guestbook'")).toBe(
      "SCRAM-SHA-256",
    );
    expect(await docker("exec", await devSite.container("db"), "id", "-un")).toBe("postgres");
  });

  test("is tuned to its memory limit of 512 MiB", async () => {
    expect(await sql("SHOW shared_buffers")).toBe("128MB");
    expect(await sql("SHOW effective_cache_size")).toBe("384MB");
    expect(await sql("SELECT count(*) FROM pg_file_settings WHERE error IS NOT NULL")).toBe("0");
  });

  test("the application's role owns its database and nothing else", async () => {
    expect(
      await sql(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles WHERE rolname = 'guestbook'",
      ),
    ).toBe("f|f|f|f");
    expect(await sql("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'guestbook'")).toBe(
      "guestbook",
    );
  });

  test("the application's password opens its own database only", async () => {
    const attempt = async (database: string) =>
      run("docker", [
        "exec",
        await devSite.container("guestbook-1"),
        "/srv/venv/bin/python",
        "-c",
        `import psycopg2; u = open("/run/secrets/db-url").read().rsplit("/", 1)[0]; psycopg2.connect(u + "/${database}")`,
      ]);
    expect((await attempt("guestbook")).code).toBe(0);
    const other = await attempt("postgres");
    expect(other.code).not.toBe(0);
    expect(other.output).toContain("no pg_hba.conf entry");
  });

  test("stops cleanly when it is replaced: the next start has nothing to recover", async () => {
    await sql("CREATE TABLE IF NOT EXISTS stop_test AS SELECT generate_series(1, 200000)");
    await docker("stop", await devSite.container("db"));
    await docker("start", await devSite.container("db"));
    await until("the database is healthy", 60, async () => (await devSite.health("db")) === "healthy");
    const logs = await docker("logs", "--since", "90s", await devSite.container("db"));
    expect(logs).toContain("database system was shut down at");
    expect(logs).not.toContain("not properly shut down");
  });

  test("a killed server recovers, and the nodes find it again by themselves", async () => {
    await docker("kill", await devSite.container("db"));
    await docker("start", await devSite.container("db"));
    await devSite.allHealthy();
  });
});
