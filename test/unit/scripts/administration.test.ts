import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Host } from "../../../modules/hosts/host.ts";
import type { Machine } from "../../../scripts/setup/machine.ts";
import { Problem } from "../../../scripts/setup/problem.ts";
import { entrancesOf, sshHostOf, tunnelArguments } from "../../../scripts/stack/administration.ts";
import type { Stack } from "../../../scripts/stack/stack.ts";
import { HERE, type StackHost, stackHost } from "../../../scripts/stack/stack-host.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const EDGE = {
  path: "prod/edge",
  admin: "through-tunnel",
  hostname: "shop.example.org",
  ports: { http: 80, https: 443, admin: 8001 },
  routes: [{ adminPaths: ["/admin", "/*/appadmin"] }, { adminPaths: ["/admin"] }],
};

function stack(edges: readonly unknown[] | undefined): Stack {
  const folder = join(temporaryFolder(), "prod");
  mkdirSync(folder);
  if (edges !== undefined) writeFileSync(join(folder, "slipway.json"), JSON.stringify({ edges }));
  return { name: "prod", folder, hosts: [HERE] as readonly StackHost[] } as Stack;
}

const machine = (env: Record<string, string>, context = "") =>
  ({
    env,
    run: async () => ({
      code: context === "" ? 1 : 0,
      stdout: context,
      stderr: "no such context",
      timedOut: false,
    }),
  }) as unknown as Machine;

async function told(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("the entrances", () => {
  test("are those of the edges that have one", () => {
    const overTls = { ...EDGE, path: "prod/open", admin: "over-tls" };
    expect(entrancesOf(stack([{ ...EDGE, admin: "disabled" }, EDGE, overTls]))).toEqual([
      {
        edge: "prod/edge",
        mode: "through-tunnel",
        hostname: "shop.example.org",
        port: 8001,
        paths: ["/admin"],
      },
      { edge: "prod/open", mode: "over-tls", hostname: "shop.example.org", port: 443, paths: ["/admin"] },
    ]);
  });

  test("of a stack without any are told with what to write", async () => {
    const message = await told(() => entrancesOf(stack([{ ...EDGE, admin: "disabled" }])));
    expect(message).toContain("admin: Admin.throughTunnel()");
    expect(message).toContain("npm start -- prod");
  });

  test("of a stack that was never written are not known", async () => {
    expect(await told(() => entrancesOf(stack(undefined)))).toContain("npm start -- prod");
  });
});

describe("the machine of the engine", () => {
  test.each([
    {},
    { DOCKER_HOST: "" },
    { DOCKER_HOST: "unix:///run/docker.sock" },
    { DOCKER_HOST: "tcp://127.0.0.1:2375" },
  ])("is this one with %j", async (env) => {
    expect(await sshHostOf(stack([EDGE]), machine(env))).toBeUndefined();
  });

  test.each([
    ["ssh://engine.example.org", { destination: "engine.example.org", port: undefined, config: undefined }],
    ["ssh://ops@192.0.2.7:2222", { destination: "ops@192.0.2.7", port: "2222", config: undefined }],
  ])("is elsewhere with %s", async (host, expected) => {
    expect(await sshHostOf(stack([EDGE]), machine({ DOCKER_HOST: host }))).toEqual(expected);
    expect(await sshHostOf(stack([EDGE]), machine({ DOCKER_CONTEXT: "far" }, `${host}\n`))).toEqual(expected);
  });

  test("is the host of the stack, with its pinned keys, whatever DOCKER_HOST says", async () => {
    const folder = temporaryFolder();
    const hostKeys = ["ssh-ed25519 AAAA"];
    const address = "ssh://ops@192.0.2.7:2222";
    const hosts = [stackHost(Host.of({ name: "web-1", address, hostKeys }), folder)];
    const found = await sshHostOf(
      { name: "prod", hosts },
      machine({ DOCKER_HOST: "unix:///run/docker.sock" }),
    );
    expect(found).toEqual({
      destination: "ops@192.0.2.7",
      port: "2222",
      config: join(folder, "web-1", "config"),
    });
  });

  test("that no SSH is known to is told with the command to type", async () => {
    const message = await told(() =>
      sshHostOf(stack([EDGE]), machine({ DOCKER_HOST: "tcp://192.0.2.7:2376" })),
    );
    expect(message).toContain("tcp://192.0.2.7:2376");
    expect(message).toContain("ssh -N -L");
  });

  test("of a context that there is not", async () => {
    expect(await told(() => sshHostOf(stack([EDGE]), machine({ DOCKER_CONTEXT: "x" })))).toContain(
      "no such context",
    );
  });
});

test("a tunnel listens on the loopback address at both ends, and takes no host for an option", () => {
  const words = tunnelArguments({ destination: "-oProxyCommand=x", port: "2222", config: "/c" }, [
    { here: 8001, there: 8001 },
    { here: 8002, there: 9001 },
  ]);
  expect(words.join(" ")).toBe(
    "-N -F /c -o ControlPath=none -o BatchMode=no -o ExitOnForwardFailure=yes -o ServerAliveInterval=30 -p 2222 " +
      "-L 127.0.0.1:8001:127.0.0.1:8001 -L 127.0.0.1:8002:127.0.0.1:9001 -- -oProxyCommand=x",
  );
});
