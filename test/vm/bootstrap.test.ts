import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Result, run, until } from "../e2e/run.ts";
import { MachineImage } from "./machine-image.ts";
import { VirtualMachine } from "./virtual-machine.ts";

const ROOT = join(import.meta.dirname, "../..");
// Not beside those of the other tests, which tidy up when they begin.
const DIRECTORY = join(ROOT, ".slipway/vm-stack");
const OUTDIR = join(ROOT, "cdktf.out/vm");
const FORWARDS = { ssh: 21022, http: 21080, https: 21443, closed: 21099 };
const HOUR = 3600;

describe("a Debian that only had SSH", { timeout: HOUR * 1000 }, () => {
  let machine: VirtualMachine;
  const clear = () => {
    for (const folder of [DIRECTORY, OUTDIR]) rmSync(folder, { recursive: true, force: true });
  };
  beforeAll(async () => {
    clear();
    machine = await VirtualMachine.start(new MachineImage({ name: "vm" }), {
      ssh: FORWARDS.ssh,
      forwards: { 80: FORWARDS.http, 443: FORWARDS.https, 9999: FORWARDS.closed },
    });
  }, HOUR * 1000);
  afterAll(() => {
    machine?.stop();
    clear();
  });

  /** As a user would, with the small stack of this folder in place of the shipped ones. */
  const command = (words: readonly string[]): Promise<Result> => {
    const host = {
      name: "vm",
      address: `ssh://deploy@127.0.0.1:${FORWARDS.ssh}`,
      hostKeys: machine.hostKeys,
      identity: machine.identity,
    };
    const small = {
      hostname: "localhost",
      aliases: ["127.0.0.1"],
      address: "0.0.0.0",
      ports: { http: 80, https: 443 },
      hosts: [host],
    };
    const [program = "", ...args] = words;
    return run(program, args, {
      cwd: ROOT,
      env: {
        CDKTF_APP: "node --import tsx test/vm/stack.ts",
        CDKTF_OUTDIR: OUTDIR,
        CDKTF_CONTEXT_JSON: JSON.stringify({ project: "slipway-test-vm", directory: DIRECTORY, small }),
        CHECKPOINT_DISABLE: "1",
        // Whatever reached the engine of this machine would not be noticed.
        DOCKER_HOST: "unix:///run/nobody.sock",
      },
      limit: HOUR,
    });
  };
  const bootstrap = (...words: string[]) =>
    command(["npm", "run", "--silent", "bootstrap", "--", "small", ...words]);
  const ask = (port: number) =>
    run("curl", ["--silent", "--insecure", "--max-time", "60", `https://localhost:${port}/`]);

  test("is told what it lacks, and stays as it is", async () => {
    const { code, output } = await bootstrap("--dry-run");
    expect(code, output).toBe(0);
    expect(output).toContain("+ packages docker.io");
    expect(output).toContain("Nothing was changed");
    expect((await machine.try("command -v docker")).code).not.toBe(0);
  });

  test("is prepared", async () => {
    const { code, output } = await bootstrap();
    expect(code, output).toBe(0);
    expect(await machine.run("id -nG deploy")).toContain("docker");
    expect(await machine.run("sshd -T | grep -i passwordauth")).toBe("passwordauthentication no");
    expect(await machine.run("systemctl is-enabled slipway-firewall unattended-upgrades docker")).toBe(
      "enabled\nenabled\nenabled",
    );
    expect((await machine.try("systemctl is-active slipway-rollback.timer")).output.trim()).toBe("inactive");
  });

  test("has nothing to be done the second time", async () => {
    const { code, output } = await bootstrap();
    expect(code, output).toBe(0);
    expect(output).toContain("Nothing is to be done.");
    expect(output).not.toContain("+ ");
  });

  test("takes a deployment, and serves the page", async () => {
    const { code, output } = await command([
      "npx",
      "cdktf",
      "deploy",
      "small",
      "--auto-approve",
      "--output",
      OUTDIR,
    ]);
    expect(code, output).toBe(0);
    await until("the page is there", 300, async () =>
      (await ask(FORWARDS.https)).output.includes("from the machine"),
    );
  });

  test("lets in nobody but SSH and the edge, whatever else is published or listens", async () => {
    const image = (await machine.run("docker ps --format '{{.Image}}'")).split("\n")[0];
    // Python came with unattended-upgrades.
    await machine.run(
      "systemd-run --quiet --unit=open --working-directory=/usr/share python3 -m http.server 9999",
    );
    const closed = () =>
      run("curl", ["--silent", "--max-time", "20", `http://127.0.0.1:${FORWARDS.closed}/`]);
    expect((await closed()).output, "a service of the host").toBe("");
    await machine.run("systemctl stop open");
    await machine.run(
      `docker run --detach --name open --publish 9999:8000 --entrypoint python3 ${image} -m http.server 8000`,
    );
    expect((await closed()).output, "a published port").toBe("");
    // With the firewall off, the same port answers: the check can see something.
    await machine.run("systemctl stop slipway-firewall");
    await until("the port answers without a firewall", 120, async () =>
      (await closed()).output.includes("<"),
    );
    await machine.run("systemctl start slipway-firewall");
    expect((await closed()).output).toBe("");
    await machine.run("docker rm --force open");
  });

  test("has nothing to deploy the second time, and is seen by the verbs", async () => {
    const plan = await run("terraform", ["plan", "-detailed-exitcode", "-no-color"], {
      cwd: join(OUTDIR, "stacks/small"),
      limit: HOUR,
    });
    expect(plan.code, plan.output).toBe(0);
    const status = await command(["npm", "run", "--silent", "status", "--", "small", "--json"]);
    expect(status.code, status.output).toBe(0);
    expect(JSON.parse(status.output)).toMatchObject({ ok: true, hosts: [{ name: "vm", problem: null }] });
  });
});
