import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { prepareScript } from "../../../../modules/hosts/export/python-entry.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const IMAGE = fileURLToPath(new URL("../../../../modules/app/image", import.meta.url));
const python = spawnSync("python3", ["--version"]).status === 0;

/** What is left of psycopg2 where nothing connects. */
const DRIVER = "class OperationalError(Exception):\n    pass\n";
const APPLICATION = `
import time


def ill(environ, start_response):
    start_response("500 Internal Server Error", [])
    return []


def slow(environ, start_response):
    time.sleep(60)
`;

/** Prepares a release of an application that has no database, with so much patience in seconds. */
function prepare(callable: string, patience: string) {
  const folder = temporaryFolder();
  for (const [file, content] of [
    ["prepare.py", prepareScript()],
    ["slipway_environment.py", "import os, sys\nsys.path.append(os.environ['PYTHONPATH'])\n"],
    ["psycopg2.py", DRIVER],
    ["hello.py", APPLICATION],
  ] as const) {
    writeFileSync(join(folder, file), content);
  }
  return spawnSync("python3", ["prepare.py"], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      PYTHONPATH: IMAGE,
      PYTHONDONTWRITEBYTECODE: "1",
      SLIPWAY_CALLABLE: `hello:${callable}`,
      SLIPWAY_HEALTH_PATH: "/healthz",
      SLIPWAY_PATIENCE: patience,
    },
    encoding: "utf8",
  });
}

describe.skipIf(!python)("prepare.py", () => {
  test("says in a line that the application does not work", () => {
    const { status, stderr } = prepare("ill", "0");
    expect(stderr).toBe(
      "slipway: /healthz answers 500 Internal Server Error, allowed is 200; this release will not be served\n",
    );
    expect(status).toBe(1);
  });

  test("says in a line that the application does not answer", () => {
    // Half a minute more than the patience is what a rehearsal has.
    const { status, stderr } = prepare("slow", "-29");
    expect(stderr).toBe("slipway: slipway_node.rehearse did not end within 1 seconds\n");
    expect(status).toBe(1);
  });
});
