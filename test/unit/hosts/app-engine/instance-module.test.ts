import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { APP_ENGINE } from "../../../../modules/hosts/app-engine/app-engine.ts";
import { instanceModule } from "../../../../modules/hosts/app-engine/instance-module.ts";
import { exported, hello } from "../../../support/exported-stack.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const python = spawnSync("python3", ["--version"]).status === 0;

/** What is written for an application, in a folder that is read-only but for what Python makes. */
function written(files: Readonly<Record<string, string>>, secrets: readonly string[] = []): string {
  const folder = temporaryFolder();
  const module = instanceModule({
    prefix: "slipway-shop-hello",
    secrets,
    writable: ["state"],
    texts: ["slipway/slipway_environment.py", ...secrets.map((name) => `secrets/${name}`)],
  });
  for (const [path, content] of Object.entries({ "slipway_instance.py": module, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    chmodSync(join(folder, path), 0o444);
  }
  return folder;
}

function run(folder: string, script: string, variables: Readonly<Record<string, string>> = {}) {
  return spawnSync("python3", ["-c", script], {
    cwd: folder,
    env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1", ...variables },
    encoding: "utf8",
  });
}

describe.skipIf(!python)("a machine of one's own", () => {
  const SCRIPT = `
import json, pathlib, slipway_instance
slipway_instance.prepare()
import slipway_environment
root = pathlib.Path(slipway_environment.ROOT)
print(json.dumps({
    "root": str(root),
    "mode": oct(root.stat().st_mode & 0o777),
    "state": (root / "state").is_dir(),
    "models": (root / "app/models.py").read_text(),
    "secret": (root / "secrets/db-url").read_text(),
}))
`;
  const prepared = (models: string, host: string) => {
    const folder = written(
      {
        "slipway/slipway_environment.py": 'ROOT = "/tmp/slipway/"\n',
        "app/models.py": models,
        "secrets/db-url": `${host}?sslrootcert=/tmp/slipway/secrets/db-ca`,
      },
      ["db-url"],
    );
    const { stdout, stderr } = run(folder, SCRIPT, { SLIPWAY_SECRETS: "secrets" });
    expect(stderr).toBe("");
    return JSON.parse(stdout);
  };

  test("has a root for each run, which nobody else enters, and which goes with it", () => {
    const one = prepared("# /tmp/slipway/ is not ours here", "10.0.0.3");
    expect(one).toMatchObject({ mode: "0o700", state: true, models: "# /tmp/slipway/ is not ours here" });
    expect(one.root).toMatch(/^\/tmp\/slipway-\w+$/);
    expect(one.secret).toBe(`10.0.0.3?sslrootcert=${one.root}/secrets/db-ca`);
    expect(existsSync(one.root)).toBe(false);
  });

  test("sees the models and the secrets of the next release", () => {
    const one = prepared("first", "10.0.0.3");
    const next = prepared("second", "10.0.0.4");
    expect(next.root).not.toBe(one.root);
    expect(next.models).toBe("second");
    expect(next.secret).toContain("10.0.0.4");
  });
});

test.skipIf(!python)("what is exported is found by main.py, wherever its root is", async () => {
  const folder = temporaryFolder();
  for (const { path, content } of APP_ENGINE.files(await exported(hello), [])) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const script = "import os, main, hello\nprint(hello.__file__, os.environ['SESSION_SECRET_KEY_FILE'])";
  const { stdout, stderr } = run(folder, script, { SLIPWAY_SECRETS: "secrets" });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^(\/tmp\/slipway-\w+)\/app\/hello\.py \1\/secrets\/[\w-]+\n$/);
});

describe.skipIf(!python)("an instance", () => {
  /** In place of /tmp, which other programs of this machine use as well. */
  const instance = () => {
    const folder = written({ "app/models.py": "models" });
    const root = join(temporaryFolder(), "slipway");
    return {
      folder,
      root,
      prelude: `import pathlib, slipway_instance\nslipway_instance.ROOT = pathlib.Path("${root}")\n`,
    };
  };

  test("is laid out once for all of its processes", () => {
    const { folder, root, prelude } = instance();
    expect(run(folder, `${prelude}slipway_instance.prepare()`)).toMatchObject({ status: 0, stderr: "" });
    writeFileSync(join(root, "mark"), "");
    expect(run(folder, `${prelude}slipway_instance.prepare()`)).toMatchObject({ status: 0, stderr: "" });
    expect(existsSync(join(root, "mark"))).toBe(true);
    expect(readFileSync(join(root, "app/models.py"), "utf8")).toBe("models");
  });

  test.each([
    ["a folder of another user", (root: string) => mkdirSync(root), "import os\nos.getuid = lambda: 4711\n"],
    ["a link", (root: string) => symlinkSync("/var/empty", root), ""],
  ])("runs nothing of %s", (_, make, before) => {
    const { folder, root, prelude } = instance();
    make(root);
    const { status, stderr } = run(folder, `${before}${prelude}slipway_instance.prepare()`);
    expect(stderr).toBe(`slipway: ${root} was made by somebody else, and nothing of it is run: remove it\n`);
    expect(status).toBe(1);
  });

  test("leaves nothing behind when its secrets cannot be had", () => {
    const { folder, root, prelude } = instance();
    const failing = "def read(name):\n    raise OSError('no Secret Manager')\n";
    const script = `${prelude}${failing}slipway_instance.SECRETS = ["db-url"]\nslipway_instance._reader = lambda: read\n`;
    const { status, stderr } = run(folder, `${script}slipway_instance.prepare()`);
    expect(stderr).toContain("no Secret Manager");
    expect(status).toBe(1);
    expect(readdirSync(dirname(root))).toEqual([]);
  });
});
