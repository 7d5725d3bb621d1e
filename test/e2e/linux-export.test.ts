import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { isFull } from "./extent.ts";
import { LinuxMachine } from "./linux-machine/linux-machine.ts";
import { docker } from "./run.ts";
import { devSite } from "./sites.ts";

const MINUTE = 60_000;
const folder = temporaryFolder();

/** Writes the dev stack out, as a user does. */
async function written(name: string, machines: readonly string[] = []): Promise<string> {
  const out = join(folder, name);
  const spread = machines.length === 0 ? [] : ["--machine", ...machines];
  const { code, output } = await devSite.verb("export", [
    "dev",
    "--target",
    "debian",
    "--out",
    out,
    ...spread,
  ]);
  expect(code, output).toBe(0);
  return out;
}

/** What its own script and npm run verify say of an installed stack. */
async function verified(machine: LinuxMachine): Promise<void> {
  const own = await machine.install("dev", "verify");
  expect(own.code, own.output).toBe(0);
  expect(own.output).toMatch(/^\d+ passed, 0 failed$/m);
}
async function conforms(machine: LinuxMachine): Promise<void> {
  const { code, output } = await machine.inItsNetwork(
    ["npm", "run", "--silent", "verify", "--", "dev", "--at", "127.0.0.1"],
    devSite.env(),
  );
  expect(code, output).toBe(0);
  expect(output).toContain("38 passed, 0 failed");
}

const page =
  "curl --silent --insecure --output /dev/null --write-out '%{http_code}' https://127.0.0.1:18443/";

describe("the dev stack on a machine with systemd", { timeout: 10 * MINUTE }, () => {
  let machine: LinuxMachine;
  let out: string;
  beforeAll(async () => {
    machine = await LinuxMachine.start("one", "systemd");
    out = await written("one");
    await machine.upload(join(out, "localhost"), "dev");
  });
  afterAll(() => machine?.remove());

  test("is not installed where something else is in its place, and nothing is changed", async () => {
    await machine.shell("echo theirs > /etc/logrotate.d/slipway-dev && useradd --uid 8443 theirs");
    const { code, output } = await machine.install("dev");
    expect(code).toBe(1);
    expect(output).toContain("nothing was changed, because\n");
    expect(output).toContain(
      "- /etc/logrotate.d/slipway-dev is there already, and not of this stack: move it away",
    );
    expect(output).toContain("- number 8443 is account theirs's, and files of the stack belong to it");
    expect((await machine.shell("ls /etc/slipway /opt/slipway 2>/dev/null; which psql")).output).toBe("");
    await machine.shell("rm /etc/logrotate.d/slipway-dev && userdel theirs");
  });

  test("is installed, passes its own checks and those of npm run verify, and its units those of systemd", async () => {
    const { code, output } = await machine.install("dev");
    expect(code, output).toBe(0);
    await verified(machine);
    await conforms(machine);
    const units = await machine.shell("systemd-analyze verify /etc/systemd/system/slipway-dev*");
    expect(units.code, units.output).toBe(0);
    expect(units.output).toBe("");
  });

  test("is not touched by a second installation", async () => {
    const { code, output } = await machine.install("dev");
    expect(code, output).toBe(0);
    expect(output.match(/: as it was/g)).toHaveLength(5);
    expect(output).not.toContain("starting");
  });

  test("keeps its pages when a release does not work, and says which node and why", async () => {
    const main = join(out, "localhost/root/opt/slipway/dev/guestbook-1/app/apps/guestbook/__init__.py");
    const plan = join(out, "localhost/plan");
    const [good, patient] = [main, plan].map((file) => readFileSync(file, "utf8"));
    writeFileSync(main, `raise RuntimeError("a release that does not work")\n`);
    writeFileSync(plan, `${patient}`.replace(/^(instance guestbook-1 \S+ \S+) \d+/m, "$1 10"));
    await machine.upload(join(out, "localhost"), "dev");
    const { code, output } = await machine.install("dev");
    expect(code).toBe(1);
    expect(output).toMatch(
      /install: guestbook-1 is not healthy after 10 seconds: .* What comes after it was left as it is\./,
    );
    expect(output).toContain("a release that does not work");
    expect((await machine.shell(page)).output).toBe("200");
    writeFileSync(main, `${good}`);
    writeFileSync(plan, `${patient}`);
    await machine.upload(join(out, "localhost"), "dev");
    const again = await machine.install("dev");
    expect(again.code, again.output).toBe(0);
    // What runs is not what was healthy before.
    expect(again.output).toContain("✔ guestbook-1: healthy");
    expect(again.output).toContain("✔ guestbook-2: as it was");
  });

  test("is there again after a reboot, with what was written", async () => {
    const kept = "su postgres -c 'psql -d guestbook -Atc";
    await machine.shell(`${kept} "CREATE TABLE kept AS SELECT 17 AS number"'`);
    await machine.reboot();
    const healthy = await machine.shell(
      "for second in $(seq 60); do sh /root/slipway-dev/install status && exit 0; sleep 1; done; exit 1",
    );
    expect(healthy.code, healthy.output).toBe(0);
    await verified(machine);
    expect((await machine.shell(`${kept} "SELECT number FROM kept"'`)).output.trim()).toBe("17");
  });

  test("keeps its data when it is removed, and nothing at all when that is asked for", async () => {
    const { code, output } = await machine.install("dev", "uninstall");
    expect(code, output).toBe(0);
    expect((await machine.shell("cat /var/lib/slipway/dev/volumes/db-data/*/PG_VERSION")).output.trim()).toBe(
      "17",
    );
    const purge = await machine.install("dev", "uninstall --purge");
    expect(purge.code, purge.output).toBe(0);
    const left = await machine.shell(
      "find / -xdev -path /root -prune -o -path /proc -prune -o -name '*slipway*' -print; getent passwd | grep slipway; which psql apache2 memcached uwsgi-core; grep -l slipway /usr/sbin/policy-rc.d 2>/dev/null; systemctl --failed --quiet",
    );
    expect(left.output).toBe("");
  });
});

describe.runIf(isFull)("the dev stack over three machines", { timeout: 20 * MINUTE }, () => {
  const NETWORK = "slipway-test-linux";
  const SPREAD = { data: "db,cache", node: "guestbook", web: "edge" };
  const address = (at: number) => `198.18.23.${10 + at}`;
  const machines = new Map<string, LinuxMachine>();
  beforeAll(async () => {
    await docker(
      "network",
      "create",
      "--label",
      "slipway.project=slipway-test-linux",
      "--subnet",
      "198.18.23.0/24",
      NETWORK,
    );
    for (const [at, name] of Object.keys(SPREAD).entries()) {
      machines.set(name, await LinuxMachine.start(name, "systemd", { name: NETWORK, address: address(at) }));
    }
  });
  afterAll(async () => {
    for (const machine of machines.values()) await machine.remove();
    await docker("network", "rm", NETWORK);
  });

  test("is installed in the order of its steps, conforms, and lets in nobody but each other", async () => {
    const spread = Object.entries(SPREAD).map(([name, what], at) => `${name}=${address(at)}:${what}`);
    const out = await written("three", spread);
    for (const [name, machine] of machines) {
      await machine.upload(join(out, name), "dev");
      const { code, output } = await machine.install("dev");
      expect(code, output).toBe(0);
      await verified(machine);
    }
    const [data, node, web] = [...machines.values()];
    if (data === undefined || node === undefined || web === undefined) throw new Error("three");
    await conforms(web);
    const reaches = async (from: LinuxMachine, at: number, port: number) =>
      (await from.shell(`timeout 2 bash -c '</dev/tcp/${address(at)}/${port}'`)).code === 0;
    expect(await reaches(node, 0, 5432)).toBe(true);
    expect(await reaches(web, 0, 5432)).toBe(false);
    expect(await reaches(web, 0, 11211)).toBe(false);
    expect(await reaches(web, 1, 8000)).toBe(true);
    expect(await reaches(data, 1, 8000)).toBe(false);
    for (const machine of machines.values()) await machine.reboot();
    for (const machine of machines.values()) {
      const healthy = await machine.shell(
        "for second in $(seq 90); do sh /root/slipway-dev/install status && exit 0; sleep 1; done; exit 1",
      );
      expect(healthy.code, healthy.output).toBe(0);
      await verified(machine);
    }
  });
});

describe.runIf(isFull)("the dev stack on a machine with System V", { timeout: 15 * MINUTE }, () => {
  let machine: LinuxMachine;
  beforeAll(async () => {
    machine = await LinuxMachine.start("sysv", "sysv");
    await machine.upload(join(await written("sysv"), "localhost"), "dev");
  });
  afterAll(() => machine?.remove());

  test("is installed, has scripts with the exit codes of the standard, survives a reboot and is removed", async () => {
    const { code, output } = await machine.install("dev");
    expect(code, output).toBe(0);
    await verified(machine);
    const script = "/etc/init.d/slipway-dev-cache";
    const codes = await machine.shell(
      [
        ...["status", "start", "stop", "stop", "status", "start", "bogus", "restart"].map(
          (action) => `${script} ${action} >/dev/null 2>&1; echo ${action} $?`,
        ),
        "kill -9 $(cut -d' ' -f1 /run/slipway/dev/cache.pid); sleep 1",
        `${script} status >/dev/null; echo dead $?`,
        `${script} start >/dev/null; echo start $?`,
      ].join("\n"),
    );
    expect(codes.output.trim().split("\n")).toEqual([
      ...["status 0", "start 0", "stop 0", "stop 0", "status 3", "start 0", "bogus 2", "restart 0"],
      ...["dead 1", "start 0"],
    ]);
    await machine.reboot();
    const healthy = await machine.shell(
      "for second in $(seq 90); do sh /root/slipway-dev/install status && exit 0; sleep 1; done; exit 1",
    );
    expect(healthy.code, healthy.output).toBe(0);
    await verified(machine);
    const purge = await machine.install("dev", "uninstall --purge");
    expect(purge.code, purge.output).toBe(0);
    expect((await machine.shell("getent passwd | grep slipway; ls /etc/init.d | grep slipway")).output).toBe(
      "",
    );
  });
});
