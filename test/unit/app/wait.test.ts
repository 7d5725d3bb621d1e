import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const IMAGE = fileURLToPath(new URL("../../../modules/app/image", import.meta.url));
const python = spawnSync("python3", ["--version"]).status === 0;

/** What is asked for a service; nothing is really connected to. */
function asked(service: string): string {
  const folder = temporaryFolder();
  // Elsewhere than on Windows this is a folder with a colon in its name.
  mkdirSync(join(folder, "C:/slipway/shop/secrets"), { recursive: true });
  writeFileSync(join(folder, "C:/slipway/shop/secrets/db-url"), "postgresql://db/shop\n");
  const program = `
import socket, sys
from types import SimpleNamespace
closed = SimpleNamespace(close=lambda: None)
def connect(url, connect_timeout):
    print("database", url)
    return closed
def create_connection(address, timeout):
    print("service", *address)
    return closed
sys.modules["psycopg2"] = SimpleNamespace(connect=connect, OperationalError=OSError)
socket.create_connection = create_connection
from slipway_node import wait
wait.for_services([sys.argv[1]], 0)
`;
  const { stdout, stderr } = spawnSync("python3", ["-c", program, service], {
    cwd: folder,
    env: { ...process.env, PYTHONPATH: IMAGE, PYTHONDONTWRITEBYTECODE: "1" },
    encoding: "utf8",
  });
  return `${stdout}${stderr}`.trim();
}

test.skipIf(!python)("a path with the drive of Windows is a file with a URL, not a port", () => {
  expect(asked("C:/slipway/shop/secrets/db-url")).toBe("database postgresql://db/shop");
});

test.skipIf(!python)("a host and a port are connected to", () => {
  expect(asked("cache:11211")).toBe("service cache 11211");
});
