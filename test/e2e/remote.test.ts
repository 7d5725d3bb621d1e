import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import type { Result } from "./run.ts";
import { Site } from "./site.ts";
import { SshHost } from "./ssh-host/ssh-host.ts";
import { Visitor } from "./visitor.ts";

const PORTS = { http: 18092, https: 18455 };
const SSH_PORT = 18022;

/** Whose commands find no engine on this machine: what would be built or asked here is not. */
class RemoteSite extends Site {
  override env(context: Record<string, unknown> = {}): Record<string, string> {
    return { ...super.env(context), DOCKER_HOST: "unix:///run/nobody.sock" };
  }
}
const site = new RemoteSite(`${PROJECT_PREFIX}-remote`, PORTS, "test/e2e/stacks/remote.ts", "remote");

/** Whose key nobody has. */
const WRONG_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEBnvBrn4qPd1bq2ZB8ZXcJnH6VVlfOyH3cR2ISnMXnG";

describe("a stack on a host that SSH leads to", () => {
  let host: SshHost;
  beforeAll(async () => {
    host = await SshHost.start(`${PROJECT_PREFIX}-ssh-host`, SSH_PORT, join(site.directory, "ssh-host"));
  });
  afterAll(async () => {
    await site.remove();
    await host.remove();
  });

  const context = (hostKeys = host.context.hostKeys) => ({
    remote: {
      hostname: "localhost",
      aliases: ["127.0.0.1"],
      ports: PORTS,
      hosts: [{ ...host.context, hostKeys }],
    },
  });
  const verb = (name: string, args: readonly string[], hostKeys?: readonly string[]): Promise<Result> =>
    site.verb(name, args, site.env(context(hostKeys)));
  const body = async (path = "/") => (await (await Visitor.to(site)).get(path)).body;

  test("is deployed, by one login or a few", async () => {
    const { code, output } = await site.deploy(context());
    expect(code, output).toBe(0);
    expect(await body()).toContain("first");
    expect(await host.logins()).toBeLessThan(8);
  });

  test("gets a release, and a configuration of its edge without a new edge", async () => {
    const edge = await site.container("edge");
    const before = (await site.containers()).find(({ Name }) => Name === `/${edge}`)?.Id;
    const { code, output } = await site.deploy({ ...context(), greeting: "second", path: "/hello" });
    expect(code, output).toBe(0);
    expect(await body("/hello/where")).toContain("second");
    expect((await site.containers()).find(({ Name }) => Name === `/${edge}`)?.Id).toBe(before);
    expect(await site.pending()).toBe(0);
  });

  test("is seen by the verbs", async () => {
    const [status, logs, console_] = await Promise.all([
      verb("status", ["remote", "--json"]),
      // Of a node: an edge hands its lines on some seconds later.
      verb("logs", ["remote", "hello", "--tail", "5"]),
      verb("console", ["remote", "hello", "--command", "print(6 * 7)"]),
    ]);
    expect(status.code, status.output).toBe(0);
    expect(JSON.parse(status.output)).toMatchObject({
      ok: true,
      hosts: [{ name: "far", engine: `ssh://deploy@127.0.0.1:${SSH_PORT}`, problem: null }],
    });
    expect(logs.output).toContain("hello |");
    expect(console_.output.trim()).toBe("42");
  });

  test("is shown also while another host is silent, which is named", async () => {
    const dead = { name: "dead", address: "unix:///run/nobody.sock" };
    const remote = { ...context().remote, hosts: [host.context, dead] };
    const { code, output } = await site.verb("status", ["remote"], site.env({ remote }));
    expect(code).toBe(1);
    expect(output).toContain("The engine of the host dead does not answer");
    expect(output).toMatch(/hello.*far/);
  });

  test("does not answer under another key: nobody deploys there, nobody looks", async () => {
    const deployed = await site.deploy(context([WRONG_KEY]));
    expect(deployed.code).toBe(1);
    expect(deployed.output).toContain("Host key verification failed");
    const { code, output } = await verb("status", ["remote"], [WRONG_KEY]);
    expect(code).toBe(1);
    expect(output).toContain("The host far shows another key than the one that is pinned");
    expect(output).toContain(WRONG_KEY);
    expect(output).not.toContain("    at ");
  });

  test("without a pinned key is refused before anything is asked", async () => {
    const { code, output } = await site.synth(context([]));
    expect(code).toBe(1);
    expect(output).toContain(`ssh-keyscan -p ${SSH_PORT} -t ed25519 127.0.0.1`);
  });
});
