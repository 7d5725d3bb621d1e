import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const IMAGE = fileURLToPath(new URL("../../../modules/app/image", import.meta.url));
const python = spawnSync("python3", ["--version"]).status === 0;
const HOURS_AGO = Date.now() / 1000 - 2 * 3600;

const environment = { ...process.env, PYTHONPATH: IMAGE, PYTHONDONTWRITEBYTECODE: "1" };

function run(script: string, ...words: readonly string[]): string {
  const { stdout, stderr } = spawnSync("python3", ["-c", script, ...words], {
    env: environment,
    encoding: "utf8",
  });
  return `${stdout}${stderr}`.trim();
}

/** A folder with sessions that nobody used for two hours, and one that somebody did. */
function sessions(...old: readonly string[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "1a"));
  for (const name of [...old, "young"]) writeFileSync(join(folder, "1a", name), "a session");
  for (const name of old) utimesSync(join(folder, "1a", name), HOURS_AGO, HOURS_AGO);
  return folder;
}

const EXPIRE = `
import pathlib, sys
from slipway_node import session_files
print(session_files.expire(pathlib.Path(sys.argv[1]), 3600))
`;

/** Uses a session as web2py does, and says so. */
const USE = `
import fcntl, sys, time
file = open(sys.argv[1], "rb+")
fcntl.flock(file, fcntl.LOCK_EX)
print("used", flush=True)
time.sleep(60)
`;

describe.skipIf(!python)("sessions in files", () => {
  test("vanish when nobody used them for so long, and stay when somebody did", () => {
    const folder = sessions("old", "older");
    expect(run(EXPIRE, folder)).toBe("(2, 1)");
    expect(readdirSync(join(folder, "1a"))).toEqual(["young"]);
  });

  test("stay while a request has them", async () => {
    const folder = sessions("old", "in-use");
    const request = spawn("python3", ["-c", USE, join(folder, "1a", "in-use")], { env: environment });
    try {
      await once(request.stdout, "data");
      expect(run(EXPIRE, folder)).toBe("(1, 2)");
      expect(readdirSync(join(folder, "1a")).sort()).toEqual(["in-use", "young"]);
    } finally {
      request.kill("SIGKILL");
    }
  });

  test("stay when they were used after the clean-up had seen how old they are", () => {
    const folder = sessions("old");
    const used = `
import fcntl, os
from slipway_node import session_files
lock = fcntl.flock
def used_just_before(stream, operation):
    os.utime(stream.fileno())
    lock(stream, operation)
session_files.fcntl.flock = used_just_before
${EXPIRE}`;
    expect(run(used, folder)).toBe("(0, 2)");
  });

  test("are removed on Windows, which has no flock, unless somebody has them open", () => {
    const folder = sessions("old", "in-use");
    const windows = `
import os, pathlib, sys
sys.modules["fcntl"] = None
unlink = pathlib.Path.unlink
def unlink_as_windows_does(file):
    if file.name == "in-use":
        raise PermissionError(13, "The process cannot access the file")
    unlink(file)
pathlib.Path.unlink = unlink_as_windows_does
${EXPIRE}`;
    expect(run(windows, folder)).toBe("(1, 2)");
    expect(readdirSync(join(folder, "1a")).sort()).toEqual(["in-use", "young"]);
  });

  test("are marked by who uses them, once a minute, and written again when they were removed meanwhile", () => {
    const folder = sessions("old");
    const script = `
import os, sys, time
from types import SimpleNamespace
from slipway_node import web2py_session_use as use
path = sys.argv[1]
response = SimpleNamespace(session_file=open(path, "rb+"), session_new=False)
utime = os.utime
def utime_as_on_windows(path):
    if isinstance(path, int):
        raise TypeError("utime: path should be string, bytes or os.PathLike, not int")
    utime(path)
os.utime = utime_as_on_windows
use.mark_file(response)
marked = os.stat(path).st_mtime
use.mark_file(response)
print(time.time() - marked < 60, os.stat(path).st_mtime == marked, response.session_new)
os.unlink(path)
use.mark_file(response)
print(response.session_file, response.session_new)
`;
    expect(run(script, join(folder, "1a", "old"))).toBe("True True False\nNone True");
  });
});
