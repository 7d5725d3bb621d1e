import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ExternalServer } from "./external-server.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { run, until } from "./run.ts";
import { Site } from "./site.ts";

const PROJECT = `${PROJECT_PREFIX}-state-elsewhere`;
const MAIN = "test/e2e/stacks/state-elsewhere.ts";
const SCHEMA = "slipway_test_state_elsewhere__elsewhere";
const site = new Site(PROJECT, { http: 24080, https: 24443 }, MAIN, "elsewhere");

const start = (context: Record<string, unknown>, env: Record<string, string>, ...words: string[]) =>
  site.verb("start", ["elsewhere", ...words], {
    ...site.env(context),
    CDKTF_APP: `node --import tsx ${MAIN}`,
    ...env,
  });

/** Files of the project that hold a state. */
function states(): string[] {
  const folder = join(site.directory, site.project, "state");
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".tfstate")) : [];
}

describe("a state in a PostgreSQL database", () => {
  let server: ExternalServer;
  let env: Record<string, string>;

  beforeAll(async () => {
    await site.remove();
    server = await ExternalServer.start(`${PROJECT_PREFIX}-external`, site.directory);
    const password = encodeURIComponent(readFileSync(server.passwordFile, "utf8").trim());
    const verified = `sslmode=verify-full&sslrootcert=${server.authority}`;
    env = { PG_CONN_STR: `postgres://crm:${password}@${server.host}:${server.port}/crm?${verified}` };
  });
  afterAll(async () => {
    await site.remove();
    await server?.remove();
  });

  test("that cannot be reached is told with the variables that lead to it", async () => {
    const { code, output } = await start({}, { PG_CONN_STR: "" });
    expect(code, output).toBe(1);
    expect(output).toContain("PG_CONN_STR");
    expect(output).not.toContain("    at ");
  });

  test("is there and nowhere else, and another machine goes on from it", async () => {
    const first = await start({}, env);
    expect(first.code, first.output).toBe(0);
    expect(states()).toEqual([]);
    expect(await server.sql(`SELECT count(*) FROM ${SCHEMA}.states`, "crm")).toBe("1");
    const [container] = await site.containers();
    // All that only this machine has of it.
    rmSync(site.outdir, { recursive: true });
    const again = await start({}, env);
    expect(again.code, again.output).toBe(0);
    expect((await site.containers()).map(({ Id }) => Id)).toEqual([container?.Id]);
  });

  test("is locked for as long as somebody deploys, and for no longer than that lives", async () => {
    // Terraform asks whether it may go on, and holds the lock until it is told.
    const synth = await site.synth({ memory: "96 MiB" });
    expect(synth.code, synth.output).toBe(0);
    const holder = spawn("terraform", ["apply", "-no-color"], {
      cwd: site.workingDirectory,
      env: { ...process.env, ...site.env(), ...env },
    });
    let asked = "";
    holder.stdout.on("data", (text) => {
      asked += text;
    });
    await until("it asks", 60, async () => asked.includes("Enter a value"));
    const impatient = await start({}, env, "--no-wait");
    expect(impatient.code, impatient.output).toBe(1);
    expect(impatient.output).toContain("Another run is changing the stack elsewhere");
    expect(impatient.output).toContain("another session of the database");
    const ended = new Promise((resolve) => holder.once("exit", resolve));
    holder.kill("SIGKILL");
    await ended;
    const next = await start({}, env, "--no-wait");
    expect(next.code, next.output).toBe(0);
  });
});

describe("a state that OpenTofu encrypts", async () => {
  const there = (await run("tofu", ["version"]).catch(() => ({ code: 1 }))).code === 0;
  afterAll(() => site.remove());

  test.runIf(there)("shows nothing of the stack to who reads its file, and is read by the next", async () => {
    await site.remove();
    const env = { TERRAFORM_BINARY_NAME: "tofu" };
    const first = await start({ encrypted: true }, env);
    expect(first.code, first.output).toBe(0);
    const [name = ""] = states();
    const state = readFileSync(join(site.directory, site.project, "state", name), "utf8");
    expect(state).toContain("encrypted_data");
    expect(state).not.toContain("docker_container");
    for (const secret of site.secrets()) expect(state).not.toContain(secret);
    const [container] = await site.containers();
    const again = await start({ encrypted: true }, env);
    expect(again.code, again.output).toBe(0);
    expect((await site.containers()).map(({ Id }) => Id)).toEqual([container?.Id]);
  });
});
