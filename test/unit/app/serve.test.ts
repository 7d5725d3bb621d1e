import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const IMAGE = fileURLToPath(new URL("../../../modules/app/image", import.meta.url));
const python = spawnSync("python3", ["--version"]).status === 0;

/** Answers one after the other, finishes the one at hand when it is told to stop, and then closes its socket: it exits. */
const SERVER = `
import signal, socket, sys, time
listener = socket.socket(fileno=10)
listener.settimeout(0.02)
stopping = []
signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
print("serving", flush=True)
while not stopping:
    try:
        connection, _ = listener.accept()
    except TimeoutError:
        continue
    time.sleep(0.1)
    connection.sendall(b"answered")
    connection.close()
sys.exit(7)
`;

const started: ChildProcess[] = [];
afterEach(() => {
  for (const { pid } of started.splice(0)) {
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch {
      // It ended, and so did its server.
    }
  }
});

/** Runs the server on the listeners of some lines, and waits until it serves. */
async function serve(
  lines: readonly string[],
  server = SERVER,
  { limit = 5, stopping = "" } = {},
): Promise<ChildProcess> {
  const file = join(temporaryFolder(), "listeners");
  writeFileSync(file, ["# Written by Slipway.", ...lines, ""].join("\n"));
  const script = [
    "import pathlib, sys",
    "from slipway_node import serve",
    `serve.NOTICE, serve.LIMIT, serve.LISTENERS = 0.1, ${limit}, pathlib.Path(sys.argv.pop(1))`,
    `serve.STOPPING = pathlib.Path(${JSON.stringify(stopping)})`,
    "serve.main()",
  ].join("\n");
  const child = spawn("python3", ["-c", script, file, "python3", "-c", server], {
    env: { ...process.env, PYTHONPATH: IMAGE, PYTHONDONTWRITEBYTECODE: "1", SLIPWAY_NODE: "shop-1" },
    stdio: ["ignore", "pipe", "inherit"],
    // A group of its own, to end the server with it.
    detached: true,
  });
  started.push(child);
  if (child.stdout) await once(child.stdout, "data");
  return child;
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, "exit");
  return child.exitCode;
}

/** What somebody gets who connects there: the answer, or why there was none. */
function ask(where: number | string): { connected: Promise<unknown>; answer: Promise<string> } {
  const socket = typeof where === "number" ? connect(where, "127.0.0.1") : connect(where);
  let received = "";
  socket.on("data", (data) => {
    received += data;
  });
  const answer = new Promise<string>((resolve) => {
    socket.on("error", (error) => resolve("code" in error ? String(error.code) : error.message));
    socket.on("close", () => resolve(received));
  });
  return { connected: once(socket, "connect").catch(() => undefined), answer };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function askedAndStopped(where: number | string, child: ChildProcess): Promise<string[]> {
  const asked = Array.from({ length: 5 }, () => ask(where));
  await Promise.all(asked.map(({ connected }) => connected));
  child.kill("SIGTERM");
  return Promise.all(asked.map(({ answer }) => answer));
}

describe.skipIf(!python)("the server of a node", () => {
  test("answers every connection that waits when it is stopped, and its exit code is the node's", async () => {
    const port = await freePort();
    const child = await serve([`127.0.0.1:${port}`]);
    expect(await askedAndStopped(port, child)).toEqual(Array(5).fill("answered"));
    expect(await exitCode(child)).toBe(7);
    expect(await ask(port).answer).toBe("ECONNREFUSED");
  });

  test("does so on a Unix socket, whose path nobody finds any more", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "shop-1.fastcgi");
    const child = await serve([join(folder, "$SLIPWAY_NODE.fastcgi")]);
    expect(statSync(path).mode & 0o777).toBe(0o666);
    expect(await askedAndStopped(path, child)).toEqual(Array(5).fill("answered"));
    expect(await exitCode(child)).toBe(7);
    expect(existsSync(path)).toBe(false);
  });

  test("leaves the path of a Unix socket to the one that took its place", async () => {
    const path = join(temporaryFolder(), "shop-1.fastcgi");
    const before = await serve([path]);
    const after = await serve([path]);
    before.kill("SIGTERM");
    expect(await exitCode(before)).toBe(7);
    expect(await ask(path).answer).toBe("answered");
    expect(await askedAndStopped(path, after)).toEqual(Array(5).fill("answered"));
  });

  test("stops in the end, however many wait for one that is stuck", async () => {
    const port = await freePort();
    const child = await serve(
      [`127.0.0.1:${port}`],
      'import time; print("stuck", flush=True); time.sleep(60)',
      { limit: 0.3 },
    );
    const answers = await askedAndStopped(port, child);
    expect(answers).toEqual(Array(5).fill("ECONNRESET"));
    expect(await exitCode(child)).toBe(128 + 15);
  });

  test("tells one that opens its sockets itself, before it asks it to empty them", async () => {
    const folder = temporaryFolder();
    const stopping = join(folder, "stopping");
    writeFileSync(stopping, "of a stop before");
    const told: boolean[] = [];
    const asked = createHttpServer((_, response) => {
      told.push(existsSync(stopping));
      response.end();
    }).listen(0, "127.0.0.1");
    await once(asked, "listening");
    const { port } = asked.address() as AddressInfo;
    const server = "import time; print('serving', flush=True); time.sleep(60)";
    const child = await serve([`http://127.0.0.1:${port}/drain`], server, { stopping });
    expect(existsSync(stopping)).toBe(false);
    child.kill("SIGTERM");
    expect(await exitCode(child)).toBe(128 + 15);
    expect(told).toEqual([true]);
    asked.close();
  });

  test("ends the node when it ends by itself", async () => {
    expect(await exitCode(await serve([], 'import sys; print("no", flush=True); sys.exit(3)'))).toBe(3);
  });
});
