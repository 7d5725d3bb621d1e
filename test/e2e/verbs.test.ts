import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker, run } from "./run.ts";
import { Site } from "./site.ts";
import { Visitor } from "./visitor.ts";

const PORTS = { http: 18082, https: 18445 };
const site = new Site(`${PROJECT_PREFIX}-verbs`, PORTS);

/** A user's mistake shows no stack trace and no colour codes in a pipe. */
function readable(output: string): void {
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  expect(output).not.toMatch(/\x1b\[/);
}

describe("the verbs, from nothing to a running stack and back", () => {
  beforeAll(() => site.remove());
  afterAll(() => site.remove());

  describe("before anything runs", () => {
    test("status says that nothing runs, and how to change that", async () => {
      const { code, output } = await site.verb("status");
      expect(code).toBe(1);
      expect(output).toContain("npm start");
      readable(output);
    });

    test("start says who has a port that it needs, and changes nothing", async () => {
      const server: Server = createServer().listen(PORTS.https, "127.0.0.1");
      try {
        const { code, output } = await site.verb("start");
        expect(code).toBe(1);
        expect(output).toContain(String(PORTS.https));
        expect(output).toContain("cdktf.json");
        readable(output);
        expect(await site.containers()).toEqual([]);
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    });

    test("start says that no engine answers", async () => {
      const { code, output } = await site.verb("start", [], { DOCKER_HOST: "unix:///nonexistent.sock" });
      expect(code).toBe(1);
      expect(output).toContain("/nonexistent.sock");
      readable(output);
    });

    test("a stack that does not exist is refused with the names of those that do", async () => {
      const { code, output } = await site.verb("start", ["nowhere"]);
      expect(code).toBe(1);
      expect(output).toContain("nowhere");
      expect(output).toContain("dev");
      readable(output);
    });

    test.each([
      "start",
      "stop",
      "status",
      "logs",
      "console",
      "exec",
      "scale",
      "review",
      "drift",
      "branch",
      "releases",
      "rollback",
      "bootstrap",
      "admin",
      "job",
      "backup",
      "restore",
      "drill",
      "upgrade",
      "maintenance",
      "conformance",
      "verify",
      "doctor",
      "setup",
      "bench",
      "test",
    ])("%s explains itself", async (verb) => {
      const { code, output } = await site.verb(verb, ["--help"]);
      expect(code).toBe(0);
      expect(output).toContain("Usage:");
    });
  });

  describe("a run that is killed half-way", () => {
    test("is picked up by the next one, which ends with the table and the addresses", async () => {
      const kill = new AbortController();
      const first = run("node", ["--import", "tsx", "scripts/start.ts"], {
        env: site.env(),
        kill: kill.signal,
      });
      for (let waited = 0; waited < 600 && (await site.containers()).length < 2; waited += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      kill.abort();
      await first;
      expect((await site.containers()).length).toBeGreaterThan(0);

      const { code, output } = await site.verb("start");
      expect(code, output).toBe(0);
      readable(output);
      for (const node of ["db", "cache", "guestbook-1", "guestbook-2", "edge"]) {
        expect(output).toMatch(new RegExp(`^${node}\\s+healthy`, "m"));
      }
      expect(output).toContain(`https://localhost:${PORTS.https}/`);
      expect(await site.pending()).toBe(0);
    });
  });

  describe("while it runs", () => {
    test("the site answers over TLS, and plain http leads there", async () => {
      const { status, body } = await (await Visitor.to(site)).get("/");
      expect(status).toBe(200);
      expect(body).toContain("The guestbook");
    });

    test("what was written survives stop and start", async () => {
      const visitor = await Visitor.to(site);
      await visitor.submit("/signup", "signup", { username: "carol", password: "correct horse battery" });
      await visitor.submit("/", "entry", { message: "I stay" });

      const stopped = await site.verb("stop");
      expect(stopped.code, stopped.output).toBe(0);
      expect((await site.containers()).map(({ State }) => State.Status)).toEqual(Array(5).fill("exited"));
      expect((await site.verb("stop")).code, "stopping twice").toBe(0);

      const started = await site.verb("start");
      expect(started.code, started.output).toBe(0);
      expect((await visitor.get("/")).body).toContain("I stay");
    });

    test("status tells what runs, for people and for programs", async () => {
      const { code, output } = await site.verb("status");
      expect(code, output).toBe(0);
      expect(output).toContain("guestbook-2");
      const { output: json } = await site.verb("status", ["--json"]);
      expect(JSON.stringify(JSON.parse(json))).toContain("guestbook-2");
    });

    test("verify finds nothing wrong", async () => {
      const { code, output } = await site.verb("verify");
      expect(code, output).toBe(0);
      expect(output).toMatch(/\d+ passed, 0 failed/);
    });

    test("verify notices a node that is gone, and status says which", async () => {
      await docker("stop", await site.container("guestbook-2"));
      const verified = await site.verb("verify");
      expect(verified.code).toBe(1);
      const { code, output } = await site.verb("status");
      expect(code).toBe(1);
      expect(output).toMatch(/guestbook-2/);
      await docker("start", await site.container("guestbook-2"));
      await site.allHealthy();
    });

    test("logs show the lines of a workload with the name of their node", async () => {
      const { code, output } = await site.verb("logs", ["dev", "guestbook", "--tail", "5"]);
      expect(code, output).toBe(0);
      expect(output).toContain("guestbook-1");
      expect(output).toContain("guestbook-2");
      expect(output).not.toContain("PostgreSQL");
    });

    test("status --watch looks again until it is interrupted", async () => {
      const interrupt = new AbortController();
      const watching = site.verb("status", ["--watch"], {}, interrupt.signal);
      const stop = setTimeout(() => interrupt.abort(), 15_000);
      const { output } = await watching;
      clearTimeout(stop);
      readable(output);
      expect(output.split("guestbook-2").length, output).toBeGreaterThan(2);
    });

    test("exec runs a command in one node or in all of them, and gives its exit code", async () => {
      const one = await site.verb("exec", [
        "dev",
        "guestbook-2",
        "--",
        "sh",
        "-c",
        "echo $SLIPWAY_NODE; exit 7",
      ]);
      expect(one.code, one.output).toBe(7);
      expect(one.output).toContain("guestbook-2");
      const all = await site.verb("exec", ["--all", "dev", "guestbook", "--", "cat", "/etc/hostname"]);
      expect(all.code, all.output).toBe(0);
      expect(all.output).toMatch(/guestbook-1:\n[0-9a-f]{12}\nguestbook-2:\n[0-9a-f]{12}/);
      const none = await site.verb("exec", ["dev", "guestbook-3", "--", "true"]);
      expect(none.code).toBe(1);
      expect(none.output).toContain("guestbook-1");
    });

    test("console runs a statement on the database and a line on a node", async () => {
      const sql = await site.verb("console", ["dev", "db", "-c", "SELECT 6 * 7 AS answer"]);
      expect(sql.code, sql.output).toBe(0);
      expect(sql.output).toContain("42");
      const python = await site.verb("console", [
        "dev",
        "guestbook",
        "-c",
        "import py4web; print('py4web', 6 * 7)",
      ]);
      expect(python.output).toContain("py4web 42");
    });
  });
});
