import { describe, expect, test } from "vitest";
import { explainLog } from "../../../scripts/setup/dockerd.ts";
import { type Circumstances, chooseStrategy, engine, parseEngine } from "../../../scripts/setup/engine.ts";
import { DEBIAN, fakeMachine } from "./fake-machine.ts";

const FRESH_DEBIAN: Circumstances = {
  named: false,
  why: "no client",
  platform: "linux",
  root: true,
  packages: true,
  installed: false,
  systemd: false,
};
const outcome = { code: 0, stdout: "", stderr: "", timedOut: false };

describe("choice of strategy", () => {
  test.each<[string, Partial<Circumstances>, unknown]>([
    ["fresh Debian without systemd", {}, { how: "start", install: true, by: "hand" }],
    ["fresh Debian with systemd", { systemd: true }, { how: "start", install: true, by: "systemd" }],
    [
      "installed but not running",
      { installed: true, why: "no answer" },
      { how: "start", install: false, by: "hand" },
    ],
    [
      "installed on another distribution",
      { installed: true, packages: false, why: "no answer", systemd: true },
      { how: "start", install: false, by: "systemd" },
    ],
  ])("%s", (_, facts, expected) => {
    expect(chooseStrategy({ ...FRESH_DEBIAN, ...facts })).toEqual(expected);
  });

  test.each<[string, Partial<Circumstances>, RegExp]>([
    ["an engine that is named", { named: true, why: "no answer" }, /DOCKER_HOST/],
    ["no permission", { why: "no permission", root: false }, /usermod -aG docker/],
    ["not root, nothing there", { root: false, packages: false }, /as root once on Debian/],
    ["not root, not running", { root: false, installed: true, systemd: true }, /sudo systemctl start docker/],
    ["not Debian", { packages: false }, /Debian only/],
    ["macOS", { platform: "darwin", root: false }, /Docker Desktop/],
  ])("only tells the user: %s", (_, facts, remedy) => {
    const strategy = chooseStrategy({ ...FRESH_DEBIAN, ...facts });
    expect(strategy.how).toBe("tell");
    expect(strategy).toHaveProperty("remedy", expect.stringMatching(remedy));
  });
});

describe("answer of the client", () => {
  test("an engine", () => {
    const stdout = '{"Version":"20.10.24+dfsg1","Arch":"amd64","Os":"linux"}\n';
    expect(parseEngine("unix:///x", { ...outcome, stdout })).toEqual({
      host: "unix:///x",
      version: "20.10.24+dfsg1",
      arch: "amd64",
      os: "linux",
    });
  });

  test.each([
    ["no client", { code: 127 }],
    ["no answer", { code: 1, stdout: "null", stderr: "Cannot connect to the Docker daemon" }],
    ["no permission", { code: 1, stderr: "permission denied while trying to connect" }],
    ["no answer", { code: null, timedOut: true }],
    ["no answer", { stdout: "<html>" }],
  ])("%s", (why, answer) => {
    expect(parseEngine("unix:///x", { ...outcome, ...answer })).toHaveProperty("why", why);
  });
});

describe("check", () => {
  test("asks the engine that DOCKER_HOST names, not the one of the current context", async () => {
    const machine = fakeMachine({ env: { DOCKER_HOST: "tcp://ci:2375" } });
    await engine(machine).check();
    expect(machine.lines).toContain("docker --host tcp://ci:2375 version --format {{json .Server}}");
  });

  test("tells what installing would change", async () => {
    const machine = fakeMachine({ files: { "/etc/os-release": DEBIAN } });
    expect(await engine(machine).check()).toHaveProperty("changes", [
      "install docker.io and iptables from the Debian packages",
      "start the Docker engine (dockerd)",
    ]);
  });

  test("installs nothing where it may not, and says what to do", async () => {
    const machine = fakeMachine({ root: false });
    await expect(engine(machine).install?.(() => {}, new AbortController().signal)).rejects.toMatchObject({
      name: "Problem",
      fix: expect.stringContaining("https://docs.docker.com/engine/install/"),
    });
    expect(machine.lines.join("\n")).not.toContain("apt-get");
  });

  test("refuses an engine for Windows containers", async () => {
    const stdout = '{"Version":"28.0.0","Arch":"amd64","Os":"windows"}';
    expect(await engine(fakeMachine({ answer: () => ({ stdout }) })).check()).toMatchObject({ ok: false });
  });
});

test.each([
  ["failed to mkdir: no space left on device", /disk is full/],
  ["Error initializing network controller: iptables failed", /network rules/],
  ["mount: operation not permitted", /not allowed/],
  ["unable to configure: unknown key", /could not start/],
])("the log %j is explained", (log, what) => {
  expect(explainLog(log, "/var/log/dockerd.log")[0]).toMatch(what);
});
