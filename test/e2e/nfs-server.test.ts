import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { extent } from "./extent.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker, ok, until } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";

const PROJECT = `${PROJECT_PREFIX}-nfs-server`;
/** Of the stack; its target has ports for a site, which it does not have. */
const PORT = 18_049;
const site = new Site(
  PROJECT,
  { http: 18_048, https: 18_448 },
  "test/e2e/stacks/nfs-server.ts",
  "nfs-server",
);
const CLIENT = `${PROJECT}/client:latest`;
const NAMES = ["alpha", "beta", "look"].map((name) => `${PROJECT}-client-${name}`);

/** A client without the kernel's, in a network of the engine, or in that of this machine. */
async function client(name: string, script: string, network: string, ...words: readonly string[]) {
  const container = `${PROJECT}-client-${name}`;
  const address = network === "host" ? ["127.0.0.1", `${PORT}`] : ["files", "2049"];
  return ok(
    "docker",
    [
      ...["run", "--rm", "--name", container, "--network", network, CLIENT],
      ...[`/opt/client/${script}.py`, ...address, ...words],
    ],
    { limit: 3600 },
  );
}

const both = (script: string, times: number) =>
  Promise.all(["alpha", "beta"].map((name) => client(name, script, "host", name, `${times}`)));

const count = async () => Number(await site.exec("files", "cat", "/files/counter").catch(() => "0"));

/** A command of the shell as the user that the server is. */
const asItsUser = async (command: string) =>
  docker("exec", "--user", "8000", await site.container("files"), "sh", "-c", command);
const PID = "$(cat /run/ganesha/ganesha.pid)";

describe("a file server of the stack", () => {
  beforeAll(async () => {
    await docker("build", "--quiet", "--tag", CLIENT, join(import.meta.dirname, "nfs-client"));
    await deployed(site);
  });
  afterAll(async () => {
    for (const name of NAMES) await docker("rm", "--force", name).catch(() => undefined);
    await site.remove();
  });

  test("lets its clients in by their addresses, and nobody else", async () => {
    expect(await client("look", "look", "host")).toBe("welcome");
    // The same client by the way that goes around the published port.
    expect(await client("look", "look", `${PROJECT}-nfs-server-files`)).toMatch(/^refused: /);
  });

  test("has one right, and not as root", async () => {
    const status = await site.exec(
      "files",
      ...["sh", "-c", "grep -l ganesha.nfsd /proc/[0-9]*/comm | sed 's/comm$/status/' | xargs cat"],
    );
    expect(status).toMatch(/^Uid:\s+8000\s+8000\s+8000\s+8000$/m);
    // Bit 2 is CAP_DAC_READ_SEARCH.
    for (const set of ["Prm", "Eff", "Amb"])
      expect(status).toMatch(new RegExp(`^Cap${set}:\\s+0{15}4$`, "m"));
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).toMatch(/^Seccomp:\s+2$/m);
  });

  test("keeps the locks of its clients when it is killed, and when it is replaced: no increment is lost", {
    timeout: 3_600_000,
  }, async () => {
    const times = extent(1_500, 50_000);
    const counted = both("count", times);
    await until("a third is counted", 1800, async () => (await count()) > (times * 2) / 3);
    await asItsUser("kill -9 -1");
    const killedAt = await count();
    await until("they go on", 90, async () => (await count()) > killedAt + times / 10);
    await docker("rm", "--force", await site.container("files"));
    await deployed(site);
    expect(await counted).toEqual(["alpha is done, after 2 restarts", "beta is done, after 2 restarts"]);
    expect(await count()).toBe(2 * times);
  });

  test("keeps session files whole that two clients write at once, and all of them belong to the nodes' user", async () => {
    expect(await both("sessions", extent(200, 10_000))).toEqual([
      "alpha saw 0 torn sessions",
      "beta saw 0 torn sessions",
    ]);
    const owners = await site.exec("files", "find", "/files", "-printf", "%u:%g %f\\n");
    expect(owners.split("\n").sort()).toEqual(
      ["counter", "files", "seen", ...[0, 1, 2, 3].map((number) => `session-${number}`)].map(
        (name) => `app:app ${name}`,
      ),
    );
  });

  test("is unhealthy when it does not answer", async () => {
    await asItsUser(`kill -STOP ${PID}`);
    await until("it is unhealthy", 60, async () => (await site.health("files")) === "unhealthy");
    await asItsUser(`kill -CONT ${PID}`);
  });
});
