import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { APP_ENGINE } from "../../modules/hosts/app-engine/app-engine.ts";
import { exported, hello } from "../support/exported-stack.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ok } from "./run.ts";

const PORT = "18087";

/** What App Engine's front says of a request. */
const FRONT = {
  "x-appengine-user-ip": "192.0.2.7",
  "x-forwarded-proto": "https",
  "x-forwarded-for": "192.0.2.7, 169.254.1.1",
};

describe("what is exported for App Engine", () => {
  let server: ChildProcess | undefined;

  beforeAll(async () => {
    const folder = temporaryFolder();
    for (const { path, content, mode = 0o644 } of APP_ENGINE.files(await exported(hello), [])) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
      // As there: all but /tmp is read-only.
      chmodSync(join(folder, path), mode & 0o555);
    }
    const venv = temporaryFolder();
    await ok("python3", ["-m", "venv", venv]);
    await ok(join(venv, "bin/pip"), [
      ...["install", "--quiet", "--disable-pip-version-check", "-r", join(folder, "requirements.txt")],
    ]);
    server = spawn(join(venv, "bin/gunicorn"), ["--config", "gunicorn.conf.py", "main:app"], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        PORT,
        SLIPWAY_SECRETS: join(folder, "secrets"),
        PYTHONDONTWRITEBYTECODE: "1",
      },
      stdio: "inherit",
    });
    for (let tries = 0; (await ask("/healthz").catch(() => undefined))?.status !== 200; tries += 1) {
      if (tries > 60) throw new Error("gunicorn did not answer within a minute");
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  });
  afterAll(() => {
    server?.kill("SIGTERM");
  });

  const ask = (path: string, options: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${PORT}${path}`, { headers: FRONT, ...options });

  test("runs under gunicorn, by https as its visitors see it", async () => {
    const answer = await ask("/some%20path");
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(page).toContain("<dd>/some path</dd>");
    expect(page).toContain("<dd>https</dd>");
    expect(answer.headers.get("strict-transport-security")).toMatch(/^max-age=/);
    expect(answer.headers.get("permissions-policy")).toContain("camera=()");
    // It says these itself.
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  test.each([
    "/admin",
    "/admin/x",
    "/%61dmin",
    "/%2561dmin",
  ])("%s is the administration's, and answers 404", async (path) => {
    expect((await ask(path)).status).toBe(404);
  });

  test("a method that no application is asked is refused", async () => {
    expect((await ask("/", { method: "PROPFIND" })).status).toBe(405);
  });

  test("no header sets the path", async () => {
    const answer = await ask("/", { headers: { ...FRONT, "script-name": "/admin", "path-info": "/x" } });
    expect(await answer.text()).toContain("<dd>/</dd>");
  });
});
