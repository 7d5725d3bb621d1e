import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JobStatus } from "../../scripts/stack/jobs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker, until } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";
import { Visitor } from "./visitor.ts";

const { WEB2PY_SOURCE } = process.env;
const PORTS = { http: 18180, https: 18580 };
const site = new Site(`${PROJECT_PREFIX}-jobs`, PORTS, "test/e2e/stacks/jobs.ts", "jobs");

/** Seconds in which what is due every eight seconds has happened, on a machine with other work. */
const SOON = 90;

type Event = readonly [job: string, node: string, at: number];

let visitor: Visitor;

async function events(job: string): Promise<readonly Event[]> {
  const { body } = await visitor.get("/worker/events");
  const all: Event[] = JSON.parse(body);
  return all.filter(([name]) => name === job);
}

async function status(name: string): Promise<JobStatus | undefined> {
  const { code, output } = await site.verb("status", ["jobs", "--json"]);
  expect(code, output).toBe(0);
  return JSON.parse(output).jobs.find(
    (job: JobStatus) => job.workload === "worker-jobs" && job.name === name,
  );
}

async function sql(database: string, statement: string): Promise<string> {
  const words = ["psql", "--username=postgres", "-At", `--dbname=${database}`, `--command=${statement}`];
  return docker("exec", await site.container("db"), ...words);
}

async function logs(): Promise<string> {
  return docker("logs", await site.container("worker-jobs"));
}

/** Does something while no job of an application is run. */
async function withoutJobs(node: string, work: () => Promise<void>): Promise<void> {
  const container = await site.container(node);
  // Not paused: the kernel cannot freeze a container in which processes are started all the time (cgroups v1).
  await docker("stop", container);
  try {
    await work();
  } finally {
    await docker("start", container);
  }
}

async function visitorNamed(name: string, path = "/worker"): Promise<Visitor> {
  const one = await Visitor.to(site);
  expect((await one.get(`${path}/${name}`)).status).toBe(200);
  return one;
}

beforeAll(async () => {
  const applications = temporaryFolder();
  process.env.WEB2PY_APPLICATIONS = applications;
  if (WEB2PY_SOURCE !== undefined) {
    const shop = join(applications, "shop");
    const ours = join(import.meta.dirname, "apps/web2py-jobs");
    cpSync(join(WEB2PY_SOURCE, "applications/welcome"), shop, { recursive: true });
    cpSync(join(ours, "jobs.py"), join(shop, "controllers/jobs.py"));
    cpSync(join(ours, "nightly.py"), join(shop, "private/nightly.py"));
  }
  await deployed(site);
  visitor = await Visitor.to(site);
});
afterAll(() => site.remove());

describe("the jobs of an application", () => {
  test("run once although there are two nodes, and what they did is committed", async () => {
    await until("it ran twice", SOON, async () => (await events("stamp")).length >= 2);
    const stamps = await events("stamp");
    expect(new Set(stamps.map(([, node]) => node))).toEqual(new Set(["worker-jobs"]));
    const moments = stamps.map(([, , at]) => at);
    // Rows carry whole seconds, and a run may begin late.
    for (const [at, moment] of moments.slice(1).entries())
      expect(moment - (moments[at] ?? 0)).toBeGreaterThan(1);
  });

  test("are left out, replaced or ended when they meet, and status tells", async () => {
    await until("one was left out", SOON, async () => ((await status("slow"))?.skipped ?? 0) > 0);
    await until("one was replaced", SOON, async () => (await logs()).includes("renewed replaced"));
    expect(await status("stuck")).toMatchObject({
      schedule: "every 3600 s",
      result: "timed-out",
      exitCode: 124,
      started: expect.stringMatching(/^20/),
      next: expect.stringMatching(/^20/),
    });
    const { code, output } = await site.verb("status", ["jobs"]);
    expect(code).toBe(0);
    expect(output).toContain("stuck timed-out with exit code 124");
  });

  test("are rolled back when they raise, and their exit code is that of npm run job", async () => {
    const { code, output } = await site.verb("job", ["jobs", "worker", "broken"]);
    expect(code).toBe(1);
    expect(output).toContain("told to break");
    expect(await events("broken")).toEqual([]);
    const wrong = await site.verb("job", ["jobs", "worker", "brokn"]);
    expect(wrong.code).toBe(1);
    expect(wrong.output).toMatch(/no such job[\s\S]*broken/);
  });

  test("keep to the clock of their time zone when it is changed", async () => {
    const script = `
import json
from datetime import UTC, datetime
from slipway_jobs.schedule import Cron
def runs(expression, now, count):
    schedule, now, found = Cron(expression, "Europe/Berlin"), datetime.fromisoformat(now).replace(tzinfo=UTC), []
    for _ in range(count):
        now = schedule.after(now, now)
        found.append(f"{now:%d %H:%M}")
    return found
print(json.dumps([runs("30 2 * * *", "2026-03-28T00:00", 3), runs("30 2 * * *", "2026-10-24T00:00", 3),
    runs("30 2 * * *", "2026-10-25T01:10", 1), runs("30 * * * *", "2026-10-24T23:45", 3)]))`;
    const printed = await docker("exec", await site.container("worker-jobs"), "python3", "-c", script);
    expect(JSON.parse(printed)).toEqual([
      // In spring there is no 2:30, and it is done when that hour is over.
      ["28 01:30", "29 01:00", "30 00:30"],
      // In autumn there are two, and it is done in the first.
      ["24 00:30", "25 00:30", "26 01:30"],
      ["26 01:30"],
      ["25 00:30", "25 01:30", "25 02:30"],
    ]);
  });

  test("clean up sessions of py4web that nobody uses, and none that somebody does", async () => {
    const [old, inUse, young] = await Promise.all(
      ["old", "in-use", "young"].map((name) => visitorNamed(`remember/${name}`)),
    );
    const count = () => sql("worker", "SELECT count(*) FROM py4web_session");
    await withoutJobs("worker-jobs", async () => {
      await sql(
        "worker",
        `UPDATE py4web_session SET expires_on = expires_on - interval '2 hours' WHERE rvalue NOT LIKE '%young%'`,
      );
      expect((await inUse?.get("/worker/known"))?.body).toBe("in-use");
      expect(await count()).toBe("3");
    });
    await until("the old one is gone", SOON, async () => (await count()) === "2");
    expect((await inUse?.get("/worker/known"))?.body).toBe("in-use");
    expect((await young?.get("/worker/known"))?.body).toBe("young");
    expect((await old?.get("/worker/known"))?.body).toBe("None");
  });

  test("make rows of the tickets of py4web on every node, each error once, and remove their files", async () => {
    for (let time = 0; time < 3; time += 1)
      expect((await visitor.get("/worker/fail/anywhere")).status).toBe(500);
    const rows = () =>
      sql("worker", "SELECT error, occurrences, method, path, snapshot->>'exception_type' FROM py4web_error");
    await until("they are rows", SOON, async () => (await rows().catch(() => "")).includes("|3|"));
    expect(await rows()).toBe("told to fail anywhere|3|GET|/worker/fail/anywhere|RuntimeError");
    const left = await docker(
      "exec",
      await site.container("worker-1"),
      "find",
      "/srv/shared/errors",
      "-type",
      "f",
    );
    expect(left).toBe("");
  });
});

describe.skipIf(WEB2PY_SOURCE === undefined)("the jobs of a web2py application", () => {
  const inNode = async (script: string) => docker("exec", await site.container("shop-1"), "sh", "-c", script);

  test("are functions of its controllers and scripts, which find its models", async () => {
    for (const name of ["function", "script"]) {
      const { code, output } = await site.verb("job", ["jobs", "shop", name]);
      expect(code, output).toBe(0);
    }
    expect(JSON.parse((await visitor.get("/jobs/roles")).body)).toEqual([
      "nightly on shop-jobs",
      "script of shop",
    ]);
  });

  test("clean up sessions that nobody uses, and none that somebody only reads", async () => {
    const [old, inUse, young] = await Promise.all(
      ["old", "in-use", "young"].map((name) => visitorNamed(`remember?name=${name}`, "/jobs")),
    );
    const count = async () => (await inNode("find /srv/shared/sessions -type f -size +1c | wc -l")).trim();
    const before = Number(await count());
    await withoutJobs("shop-jobs", async () => {
      await inNode("grep -rlE 'old|in-use' /srv/shared/sessions | xargs touch -d '2 hours ago'");
      expect((await inUse?.get("/jobs/known"))?.body).toBe("in-use");
    });
    await until("the old one is gone", SOON, async () => Number(await count()) === before - 1);
    expect((await inUse?.get("/jobs/known"))?.body).toBe("in-use");
    expect((await young?.get("/jobs/known"))?.body).toBe("young");
    expect((await old?.get("/jobs/known"))?.body).toBe("None");
  });

  test("make rows of the tickets, as web2py itself reads them, and remove their files", async () => {
    for (let time = 0; time < 2; time += 1) expect((await visitor.get("/jobs/fail")).status).toBe(500);
    const count = () => sql("shop", "SELECT count(*) FROM web2py_ticket_shop").catch(() => "");
    await until("they are rows", SOON, async () => (await count()) === "2");
    const { body } = await visitor.get("/jobs/tickets");
    const ticket = ["jobs.py", "RuntimeError: told to fail anywhere"];
    expect(JSON.parse(body)).toEqual([ticket, ticket]);
    expect(await inNode("find /srv/shared/errors -type f")).toBe("");
  });
});

test("a release waits for a job that runs, and its scheduler for the one before", async () => {
  const before = await site.container("worker-jobs");
  const job = site.verb("job", ["jobs", "worker", "wait"]);
  await until("it runs", SOON, async () => (await status("wait"))?.result === "running");
  const release = site.deploy({ release: 2 });
  await until("the old scheduler waits for it", 300, async () =>
    (await docker("logs", before)).includes("stops when wait has ended"),
  );
  const after = (await site.containers()).find(
    ({ Name, Config }) => Config.Labels["slipway.node"] === "worker-jobs" && Name !== `/${before}`,
  );
  expect(after?.State.Health?.Status).toBe("healthy");
  expect(await docker("logs", after?.Id ?? "")).toContain("waits until the scheduler before has ended");
  await visitor.get("/worker/let-go");
  const ended = await job;
  expect(ended.code, ended.output).toBe(0);
  expect(ended.output).toContain("was let go");
  const { code, output } = await release;
  expect(code, output).toBe(0);
  const stamps = (await events("stamp")).length;
  await until("the new scheduler works", SOON, async () => (await events("stamp")).length > stamps);
  expect(await status("wait")).toMatchObject({ result: "succeeded", exitCode: 0 });
});
