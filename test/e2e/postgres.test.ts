import { beforeAll, describe, expect, test } from "vitest";
import { docker, ok, run, until } from "./run.ts";
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

  /** Connects from a node with the address that it was given, and what is changed of it. */
  const connect = async (changes: string) =>
    run("docker", [
      "exec",
      await devSite.container("guestbook-1"),
      "/srv/venv/bin/python",
      "-c",
      `import psycopg2; psycopg2.connect(open("/run/secrets/db-url").read(), ${changes})`,
    ]);

  test("the application's password opens its own database only", async () => {
    expect((await connect('dbname="guestbook"')).code).toBe(0);
    const other = await connect('dbname="postgres"');
    expect(other.code).not.toBe(0);
    expect(other.output).toContain("no pg_hba.conf entry");
  });

  test("every connection of the application is encrypted by TLS 1.2 at least", async () => {
    await ok("curl", ["--silent", "--insecure", "--fail", "--output", "/dev/null", devSite.https]);
    const versions = (
      await sql(
        "SELECT DISTINCT ssl, version FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'guestbook'",
      )
    ).split("\n");
    expect(versions).toEqual(["t|TLSv1.3"]);
    expect(await sql("SHOW ssl_min_protocol_version")).toBe("TLSv1.2");
  });

  test("a connection in the clear is refused", async () => {
    const plain = await connect('sslmode="disable"');
    expect(plain.code).not.toBe(0);
    expect(plain.output).toContain("no encryption");
  });

  test("a server with another certificate is refused by the application", async () => {
    const node = await devSite.container("guestbook-1");
    const made = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=db", "-keyout", "/dev/null"];
    const other = await ok("openssl", ["req", "-x509", ...made, "-addext", "subjectAltName=DNS:db"]);
    const pem = other.slice(other.indexOf("-----BEGIN CERTIFICATE"));
    await ok("docker", ["exec", "-i", node, "sh", "-c", "cat > /tmp/other.crt"], { input: `${pem}\n` });
    const refused = await connect('sslrootcert="/tmp/other.crt"');
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("certificate verify failed");
    // Also a server that has the certificate, but not the name.
    const misnamed = await connect('host=__import__("socket").gethostbyname("db")');
    expect(misnamed.code).not.toBe(0);
    expect(misnamed.output).toContain("does not match host name");
  });

  test("the private key is with the server alone, readable to nobody else", async () => {
    const db = await devSite.container("db");
    expect(await docker("exec", db, "stat", "-c", "%a %U", "/dev/shm/slipway/server.key")).toBe(
      "600 postgres",
    );
    const node = await devSite.container("guestbook-1");
    const found = await docker("exec", node, "sh", "-c", "grep -l PRIVATE /run/secrets/* || true");
    expect(found).toBe("");
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
