import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ExternalServer } from "./external-server.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { OtherMachine } from "./repositories/other-machine.ts";
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

/** Deploys the stack. @returns the id of its container */
async function deploy(context: Record<string, unknown>, env: Record<string, string>): Promise<string> {
  const { code, output } = await start(context, env);
  expect(code, output).toBe(0);
  const containers = await site.containers();
  expect(containers).toHaveLength(1);
  return String(containers[0]?.Id);
}

/** Files of the project that hold a state. */
function states(): string[] {
  const folder = join(site.directory, site.project, "state");
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".tfstate")) : [];
}

/** A run of Terraform that asks whether it may go on, and holds the lock until it is killed. */
async function heldApply(context: Record<string, unknown>, env: Record<string, string>) {
  const synth = await site.synth(context);
  expect(synth.code, synth.output).toBe(0);
  const holder = spawn("terraform", ["apply", "-no-color"], {
    cwd: site.workingDirectory,
    env: { ...process.env, ...site.env(context), ...env },
  });
  let said = "";
  for (const stream of [holder.stdout, holder.stderr]) {
    stream.on("data", (text) => {
      said += text;
    });
  }
  await until("it asks", 60, async () => {
    if (holder.exitCode !== null) throw new Error(said);
    return said.includes("Enter a value");
  });
  return {
    async kill() {
      const ended = new Promise((resolve) => holder.once("exit", resolve));
      holder.kill("SIGKILL");
      await ended;
    },
  };
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
    const container = await deploy({}, env);
    expect(states()).toEqual([]);
    expect(await server.sql(`SELECT count(*) FROM ${SCHEMA}.states`, "crm")).toBe("1");
    // All that only this machine has of it.
    rmSync(site.outdir, { recursive: true });
    expect(await deploy({}, env)).toBe(container);
  });

  test("is locked for as long as somebody deploys, and for no longer than that lives", async () => {
    const holder = await heldApply({ memory: "96 MiB" }, env);
    const impatient = await start({}, env, "--no-wait");
    expect(impatient.code, impatient.output).toBe(1);
    expect(impatient.output).toContain("Another run is changing the stack elsewhere");
    expect(impatient.output).toContain("another session of the database");
    await holder.kill();
    const next = await start({}, env, "--no-wait");
    expect(next.code, next.output).toBe(0);
  });
});

describe("a state in a bucket", () => {
  const folder = temporaryFolder();
  let machine: OtherMachine;
  let context: Record<string, unknown>;
  let env: Record<string, string>;

  beforeAll(async () => {
    await site.remove();
    machine = await OtherMachine.start(`${PROJECT_PREFIX}-other-machine`, folder);
    await machine.run("mkdir /store/shop-state");
    context = { store: JSON.stringify({ bucket: "shop-state", region: "eu-1", ...machine.store }) };
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    env = { AWS_ACCESS_KEY_ID: read("access"), AWS_SECRET_ACCESS_KEY: read("secret") };
  });
  afterAll(async () => {
    await site.remove();
    await machine?.remove();
  });

  test("is there and nowhere else, and another machine goes on from it", async () => {
    const container = await deploy(context, env);
    expect(states()).toEqual([]);
    expect(await machine.run("cd /store/shop-state && find . -type f")).toBe(
      `./${PROJECT}/elsewhere.tfstate`,
    );
    rmSync(site.outdir, { recursive: true });
    expect(await deploy(context, env)).toBe(container);
  });

  test("tells who holds its lock, and how to end one whose holder is dead", async () => {
    const holder = await heldApply({ ...context, memory: "96 MiB" }, env);
    await holder.kill();
    const next = await start(context, env, "--no-wait");
    expect(next.code, next.output).toBe(1);
    expect(next.output).toContain("Another run is changing the stack elsewhere");
    const [, command = ""] = /(terraform -chdir=\S+ force-unlock \S+)/.exec(next.output) ?? [];
    expect(command, next.output).not.toBe("");
    // Nobody is there who could say yes.
    const [program = "", ...words] = command.replace("force-unlock", "force-unlock -force").split(" ");
    const unlocked = await run(program, words, { env: { ...site.env(context), ...env } });
    expect(unlocked.code, unlocked.output).toBe(0);
    const last = await start(context, env, "--no-wait");
    expect(last.code, last.output).toBe(0);
  });
});

describe("a state that OpenTofu encrypts", async () => {
  const there = (await run("tofu", ["version"]).catch(() => ({ code: 1 }))).code === 0;
  afterAll(() => site.remove());

  test.runIf(there)("shows nothing of the stack to who reads its file, and is read by the next", async () => {
    await site.remove();
    const env = { TERRAFORM_BINARY_NAME: "tofu" };
    const container = await deploy({ encrypted: true }, env);
    const [name = ""] = states();
    const state = readFileSync(join(site.directory, site.project, "state", name), "utf8");
    expect(state).toContain("encrypted_data");
    expect(state).not.toContain("docker_container");
    for (const secret of site.secrets()) expect(state).not.toContain(secret);
    expect(await deploy({ encrypted: true }, env)).toBe(container);
  });
});
