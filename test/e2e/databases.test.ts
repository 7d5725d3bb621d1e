import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ExternalServer } from "./external-server.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker, run, until } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";
import { Visitor } from "./visitor.ts";

const site = new Site(
  `${PROJECT_PREFIX}-databases`,
  { http: 18098, https: 18461 },
  "test/e2e/stacks/databases.ts",
  "databases",
);
const folder = temporaryFolder();
let external: ExternalServer;

/** A page of the application that writes and reads, on the database that is named so. */
async function ask(path: string): Promise<string> {
  const visitor = await Visitor.to(site);
  const { status, body } = await visitor.get(`/ledger/${path}`);
  return status === 200 ? body : `${status} ${body}`;
}

/** What Python says on a node. */
async function python(node: string, code: string) {
  return run("docker", ["exec", await site.container(node), "/srv/venv/bin/python", "-c", code]);
}

beforeAll(async () => {
  external = await ExternalServer.start(`${PROJECT_PREFIX}-external`, folder);
  Object.assign(process.env, {
    EXTERNAL_HOST: external.host,
    EXTERNAL_PORT: `${external.port}`,
    EXTERNAL_PASSWORD_FILE: external.passwordFile,
    EXTERNAL_CA: external.authority,
  });
  await deployed(site);
});
afterAll(async () => {
  await site.remove();
  await external?.remove();
});

describe("a server that the team already has", () => {
  test("is migrated by a py4web application, which reaches it by TLS alone", async () => {
    expect(
      await external.sql("SELECT count(*) FROM pg_tables WHERE tablename IN ('account', 'entry')", "crm"),
    ).toBe("2");
    expect(
      await external.sql(
        "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'crm' AND NOT ssl",
      ),
    ).toBe("0");
  });

  test("is written to and read by a WSGI application", async () => {
    expect(await ask("table?CRM")).toBe("made");
    const before = Number(await ask("count?CRM"));
    await ask("write?CRM");
    expect(Number(await ask("count?CRM"))).toBe(before + 1);
    expect(JSON.parse(await ask("facts?CRM"))).toMatchObject({ role: "crm", database: "crm", ssl: true });
  });

  test("is not taken for another one: a certificate for another name is refused", async () => {
    const { code, output } = await python(
      "ledger",
      `import psycopg2
url = open("/run/secrets/crm-url").read().replace("@${external.host}:", "@db.example.org:") + "&hostaddr=${external.host}"
psycopg2.connect(url)`,
    );
    expect(code).not.toBe(0);
    expect(output).toContain('does not match host name "db.example.org"');
  });

  test("is named in the status as external, and nothing is missing", async () => {
    const { code, output } = await site.verb("status", ["databases"]);
    expect(code, output).toBe(0);
    expect(output).toContain(`crm is external: ${external.host}:25432/crm`);
    const { output: json } = await site.verb("status", ["databases", "--json"]);
    expect(JSON.parse(json).external).toEqual([{ name: "crm", address: `${external.host}:25432/crm` }]);
  });

  test("its password stands in no text of the stack and in no environment", async () => {
    const inspected = await docker(
      "inspect",
      await site.container("ledger"),
      await site.container("elsewhere"),
    );
    expect(inspected).not.toContain("of-the-team.1");
  });
});

describe("a pooler", () => {
  const sql = async (statement: string) =>
    docker("exec", await site.container("db"), "psql", "-U", "postgres", "-Atc", statement);
  const pooler = async (statement: string) =>
    docker("exec", await site.container("db-pooler"), "console", "-Atc", statement);

  test("is used by a py4web and a WSGI application, by TLS on both sides, and past it they migrate", async () => {
    const visitor = await Visitor.to(site);
    expect((await visitor.get("/")).status).toBe(200);
    expect(await ask("table?DATABASE_DIRECT")).toBe("made");
    await ask("write");
    expect(Number(await ask("count"))).toBeGreaterThan(0);
    const clients = (await pooler("SHOW CLIENTS"))
      .split("\n")
      .filter((line) => /\|(ledger|guestbook)\|/.test(line));
    expect(clients.length).toBeGreaterThan(0);
    expect(clients.filter((line) => !line.includes("TLSv1."))).toEqual([]);
    expect(
      await sql(
        "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL",
      ),
    ).toBe("t");
    const direct = JSON.parse(await ask("facts?DATABASE_DIRECT"));
    expect(direct).toMatchObject({ role: "ledger", database: "ledger", ssl: true });
  });

  test("keeps statements that a driver prepared, whichever backend a transaction meets", async () => {
    expect(await ask("prepared")).toBe("1275");
  });

  test("serves forty clients with five connections of the server", async () => {
    const { code, output } = await python(
      "ledger",
      `import psycopg2, threading
url = open("/run/secrets/db-url").read()
def client():
    connection = psycopg2.connect(url)
    for _ in range(20):
        with connection, connection.cursor() as cursor: cursor.execute("SELECT pg_sleep(0.005)")
    done.append(connection)
done = []
threads = [threading.Thread(target=client) for _ in range(40)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
with done[0], done[0].cursor() as cursor:
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND datname = current_database()")
    print(len(done), cursor.fetchone()[0])`,
    );
    expect(code, output).toBe(0);
    const [clients, backends] = output.trim().split(" ").map(Number);
    expect(clients).toBe(40);
    expect(backends).toBeLessThanOrEqual(5);
  });

  test("refuses a client without TLS, and one with another password", async () => {
    const attempt = (change: string) =>
      python("ledger", `import psycopg2; psycopg2.connect(open("/run/secrets/db-url").read()${change})`);
    expect((await attempt("")).code).toBe(0);
    expect((await attempt('.replace("verify-full", "disable")')).output).toContain("SSL required");
    expect((await attempt('.replace("@", "x@")')).output).toContain("SASL authentication failed");
  });

  test("follows a server that was killed, and says so while it is away", async () => {
    const container = await site.container("db");
    await docker("kill", container);
    await until(
      "the pooler's health notices",
      60,
      async () => (await site.health("db-pooler")) === "unhealthy",
    );
    await docker("start", container);
    await site.allHealthy();
    expect(Number(await ask("count"))).toBeGreaterThan(0);
  });

  test("takes another size over while it runs: its clients stay connected", async () => {
    const container = await site.container("db-pooler");
    const id = await docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", container);
    const held = run("docker", [
      ...["exec", await site.container("ledger"), "/srv/venv/bin/python", "-c"],
      `import psycopg2, time, pathlib
connection = psycopg2.connect(open("/run/secrets/db-url").read())
pathlib.Path("/tmp/held").touch()
while pathlib.Path("/tmp/held").exists():
    with connection, connection.cursor() as cursor: cursor.execute("SELECT 1")
    time.sleep(0.05)
print("held")`,
    ]);
    process.env.POOL_SIZE = "7";
    expect((await site.synth()).code).toBe(0);
    // The role's limit on the server is another one as well, and the server starts again for it.
    const only = "-target=terraform_data.db-pooler-files";
    const { code, output } = await site.terraform("apply", "-auto-approve", "-no-color", only);
    expect(code, output).toBe(0);
    expect(await docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", container)).toBe(id);
    expect(await pooler("SHOW CONFIG")).toContain("default_pool_size|7|");
    await docker("exec", await site.container("ledger"), "rm", "/tmp/held");
    expect(await held).toMatchObject({ code: 0, output: "held\n" });
    await deployed(site);
  });
});

describe("a replica", () => {
  const psql = async (node: string, statement: string) =>
    docker("exec", await site.container(node), "psql", "-U", "postgres", "-Atc", statement);
  const count = async (name: string) => Number(await ask(`count?${name}`));
  /** Writes a row on the primary and waits for it on the replica. */
  async function follows(): Promise<void> {
    await ask("write");
    const written = await count("DATABASE");
    await until("the row is on the replica", 30, async () => (await count("DB_REPLICA")) === written);
  }

  test("has what is written on its primary, over TLS, and refuses to be written to", async () => {
    await ask("table?DATABASE_DIRECT");
    await until("the table is there", 30, async () => !(await ask("count?DB_REPLICA")).startsWith("500"));
    await follows();
    expect(JSON.parse(await ask("facts?DB_REPLICA"))).toMatchObject({
      role: "ledger",
      ssl: true,
      readOnly: true,
    });
    expect(await ask("write?DB_REPLICA")).toContain("ReadOnlySqlTransaction");
    expect(
      await psql("db", "SELECT usename, ssl FROM pg_stat_replication JOIN pg_stat_ssl USING (pid)"),
    ).toBe("slipway_replication|t");
    expect(await psql("db", "SELECT slot_name, active FROM pg_replication_slots")).toBe(
      "slipway_db_replica|t",
    );
  });

  test("goes on after a stop of its own and after one of its primary", async () => {
    await docker("restart", await site.container("db-replica"));
    await site.allHealthy();
    await follows();
    await docker("restart", await site.container("db"));
    await site.allHealthy();
    await follows();
  });

  test("catches up on what was written while it was away, and its application does without it", async () => {
    await docker("stop", await site.container("db-replica"));
    await ask("write");
    const written = await count("DATABASE");
    expect(await ask("count?DB_REPLICA")).toContain("OperationalError");
    await docker("start", await site.container("db-replica"));
    await site.allHealthy();
    await until("the row is on the replica", 30, async () => (await count("DB_REPLICA")) === written);
  });

  test("without its primary it answers, and is unhealthy when that lasts for longer than its lag", async () => {
    const rows = await count("DATABASE");
    await docker("stop", await site.container("db"));
    expect(await count("DB_REPLICA")).toBe(rows);
    await until("its health tells", 60, async () => (await site.health("db-replica")) === "unhealthy");
    const { output } = await site.verb("status", ["databases"]);
    expect(output).toContain("it does not hear of its primary");
    await docker("start", await site.container("db"));
    await site.allHealthy();
    await follows();
  });
});
