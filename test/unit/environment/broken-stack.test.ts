import { execFile } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { explain } from "../../../modules/environment/explain.ts";
import { Broken } from "../../support/broken.ts";
import { synthesize } from "../../support/synthesis.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** What has to be told of each mistake: the construct, the value, what is allowed, the fix and the recipe. */
const MISTAKES = [
  [
    "the published port",
    [
      "broken/db: Only the edge publishes ports, and a file server its own on a private address, for clients of private networks.",
      "  got      0.0.0.0:5432 published, leading to port 5432 of the database",
      "  allowed  no published port",
      "  fix      Remove publish,",
      "  why      recipe 11;",
    ],
  ],
  [
    "the storage of the database",
    [
      "broken/db: The database does not live on the storage of the shared folders, nor on their server.",
      "  got      storage nfs 10.0.0.20:/tank/web2py, which broken/shared is on as well",
      "  allowed  a disk, pool or server other than that of nfs 10.0.0.20:/tank/web2py",
      '  fix      Write storage: LocalDisk.folder("/srv/postgres")',
      "  why      recipe 12:",
    ],
  ],
  [
    "the sessions",
    [
      "broken/shop: A visitor who signed in on one node is signed in on every node.",
      "  got      2 nodes with sessions in files that are not shared, and routes without stickiness",
      "  allowed  sessions in cookies, a database, a cache or shared folders, or sticky routes",
      "  fix      Write sessions: Sessions.in(db) or Sessions.inFiles(shared),",
      "  why      recipes 12, 13, 14 and 19:",
    ],
  ],
] as const;

interface Outcome {
  readonly code: number | string | null | undefined;
  readonly output: string;
}

/** Runs a file as `app` of a cdktf.json would, in a folder of its own. */
function run(file: string, cdktfJson: unknown): Promise<Outcome & { folder: string }> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "cdktf.json"), JSON.stringify(cdktfJson));
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const script = fileURLToPath(new URL(`../../support/${file}`, import.meta.url));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--import", loader, script],
      { cwd: folder, timeout: 20_000 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : error.code, output: `${stdout}${stderr}`, folder });
      },
    );
  });
}

function explained(): string {
  try {
    synthesize((app) => new Broken(app));
  } catch (error) {
    return explain(error) ?? "";
  }
  return "";
}

describe("a stack with three mistakes", async () => {
  const message = explained();
  const outcome = await run("broken-main.ts", { language: "typescript", app: "", context: {} });

  test("fails with one message that counts them", () => {
    expect(message.split("\n")[0]).toBe("✗ 3 things to mend before anything can run:");
    expect(message.match(/^\S.*$/gm)).toHaveLength(4);
  });

  test.each(MISTAKES)("tells all of %s", (_, [place, ...facts]) => {
    const lines = message.split("\n");
    const at = lines.indexOf(place);
    expect(at).toBeGreaterThan(0);
    facts.forEach((fact, offset) => {
      expect(lines[at + 1 + offset]).toContain(fact);
    });
  });

  test("ends a process with a code other than 0", () => {
    expect(outcome.code).toBe(1);
  });

  test("says the same from a process, without a stack trace or anything else", () => {
    expect(outcome.output).toBe(`${message}\n`);
    expect(outcome.output).not.toMatch(/^ {4}at /m);
  });

  test("leaves no plan and no secret", () => {
    const files = readdirSync(outcome.folder, { recursive: true }).map(String);
    expect(files.filter((file) => /\.tf\.json|secret|tfstate/.test(file))).toEqual([]);
  });
});

test("a bad context ends a process with one line", async () => {
  const { code, output } = await run("target-main.ts", {
    context: { dev: { ports: { http: 99_999, https: 8443 } } },
  });
  expect(code).toBe(1);
  expect(output).toBe(
    '✗ Invalid context dev.ports.http "99999": allowed is a whole number from 1 to 65535. ' +
      "Correct it in the context of cdktf.json, or in CDKTF_CONTEXT_JSON.\n",
  );
});
