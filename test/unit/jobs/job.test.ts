import { describe, expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import type { Source } from "../../../modules/app/source.ts";
import { Web2py } from "../../../modules/app/web2py.ts";
import type { Workload } from "../../../modules/engine/workload.ts";
import { Job, type JobProps } from "../../../modules/jobs/job.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import type { SessionPlace } from "../../../modules/rules/description.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { hello } from "../../support/hello.ts";
import { sandbox } from "../../support/sandbox.ts";
import { folderOf, INSTALLATION } from "../../support/web2py.ts";

const report = { name: "report", call: "hello:report" } as const;

interface Entry {
  readonly name: string;
  readonly timeout: number;
  readonly overlap: string;
  readonly command: readonly string[];
}

function entries(workload: Workload | undefined): Entry[] {
  return JSON.parse(workload?.files.find(({ path }) => path === "/etc/slipway/jobs.json")?.content ?? "[]");
}

function shop<S extends SessionPlace>(source: Source<S>, nodes = 3) {
  const environment = sandbox();
  const app = new App(environment, "shop", { source, nodes, memory: "512 MiB" });
  const all = () => Object.fromEntries(app.workloads().map((workload) => [workload.name.text, workload]));
  return { environment, app, all, commands: () => entries(all()["shop-jobs"]).map(({ command }) => command) };
}

const web2py = () => Web2py.fromDirectory(folderOf(INSTALLATION), { applications: ["shop", "welcome"] });

describe("the jobs of an application", () => {
  test("run in one container beside its nodes, with the same code and settings, and no server", () => {
    const { environment, app, all } = shop(hello());
    const db = new Postgres(environment, "db", { memory: "512 MiB" });
    app.runs(Job.every("1 hour", { ...report, timeout: "10 minutes" }));
    app.uses(db);
    app.uses(new SharedFolders(environment, "shared"));
    const { shop: node, "shop-jobs": jobs } = all();
    expect(jobs).toMatchObject({ role: "job", replicas: 1, ports: [], release: "start-first" });
    expect(jobs?.image).toEqual(node?.image);
    expect(jobs?.secrets).toEqual(node?.secrets);
    expect(jobs?.networks.map(({ name }) => name.text)).toEqual(["shop", "db"]);
    expect(jobs?.volumes.map(({ path }) => path)).toEqual([
      "/srv/shared/sessions",
      "/srv/shared/errors",
      "/srv/shared/uploads",
      "/srv/shared/cache",
      "/var/lib/slipway/jobs",
    ]);
    expect(jobs?.files.map(({ path }) => path)).toEqual(["/etc/slipway/jobs.json"]);
    expect(`${jobs?.stop.grace}`).toBe("620 seconds");
    expect(`${jobs?.limits.memory}`).toBe("512 MiB");
    expect(entries(jobs)).toMatchObject([
      { name: "report", schedule: { every: 3600 }, overlap: "forbid", timeout: 600 },
    ]);
    // Old and new, of three nodes with 15 threads, of one job, and of the start of its container.
    expect(db.workloads()[0]?.files.find(({ path }) => path.endsWith("roles.sql"))?.content).toContain(
      "CONNECTION LIMIT 94",
    );
  });

  test("are none without one", () => {
    expect(Object.keys(shop(hello()).all())).toEqual(["shop"]);
  });

  test("run beside an edge that has the application inside, from an image without it", () => {
    const { app, all } = shop(hello(), 1);
    app.listen("wsgi", "tcp");
    app.runs(Job.every("1 hour", report));
    expect(Object.keys(all())).toEqual(["shop-jobs"]);
    expect(all()["shop-jobs"]).toMatchObject({ image: { name: { text: "shop-jobs" } }, user: 8000 });
    expect(all()["shop-jobs"]?.networks.map(({ name }) => name.text)).toEqual(["shop"]);
  });

  test("leave migrations to the nodes, and wait for them", () => {
    const { environment, app, all } = shop(Py4web.fromDirectory("examples/guestbook"));
    app.uses(new Postgres(environment, "db", { memory: "512 MiB" }));
    app.runs(Job.every("1 hour", { name: "tidy", call: "pictures:tidy" }));
    const { shop: node, "shop-jobs": jobs } = all();
    expect(node?.environment).toHaveProperty("SLIPWAY_MIGRATION");
    expect(jobs?.environment).not.toHaveProperty("SLIPWAY_MIGRATION");
    expect(jobs?.environment).toMatchObject({ SLIPWAY_MIGRATED_BY: "shop" });
  });

  test("are at most as many as fit into what is told of them", () => {
    const { app } = shop(hello());
    for (let at = 0; at < 16; at += 1) app.runs(Job.every("1 hour", { ...report, name: `report-${at}` }));
    expect(() => app.runs(Job.every("1 hour", report))).toThrow(/from 1 to 16/);
  });
});

describe("a call", () => {
  const called = <S extends SessionPlace>(source: Source<S>, call: string) => {
    const { app, commands } = shop(source);
    app.runs(Job.every("1 hour", { name: "report", call }));
    return commands()[0]?.slice(2);
  };

  test.each([
    ["shop.reports:send", ["slipway_node.call", "shop.reports:send"]],
    ["reports:send", ["slipway_node.call", "reports:send"]],
  ])("of a WSGI application: %s", (call, command) => {
    expect(called(hello(), call)).toEqual(command);
  });

  test.each([
    ["default:nightly", ["shop", "default", "nightly"]],
    ["welcome/default:nightly", ["welcome", "default", "nightly"]],
    ["shop/private/nightly.py", ["shop", "private/nightly.py"]],
  ])("of a web2py application: %s", (call, command) => {
    expect(called(web2py(), call)).toEqual(["slipway_node.web2py_call", ...command]);
  });

  test.each(["send", "reports:send()", "os; rm:x"])("of a WSGI application is not %s", (call) => {
    expect(() => called(hello(), call)).toThrow(/Invalid call of a job/);
  });

  test.each([
    "admin/default:index",
    "shop/../other.py",
    "other/private/nightly.py",
  ])("of a web2py application is not %s", (call) => {
    expect(() => called(web2py(), call)).toThrow(/Invalid call of a job/);
  });
});

describe("the presets", () => {
  test("expire sessions where the application has them", () => {
    const { app, commands } = shop(web2py());
    app.runs(Job.expireSessions({ after: "60 minutes" }));
    expect(commands()[0]?.slice(2)).toEqual(["slipway_node.expire_sessions", "web2py", "sticky", "3600"]);
    expect(() => Job.expireSessions({ after: "59 seconds" })).toThrow(/at least one minute/);
  });

  test("collect tickets in a database, which is used without being told again, and tell py4web where to leave them", () => {
    const { environment, app, all, commands } = shop(Py4web.fromDirectory("examples/guestbook"));
    app.uses(new SharedFolders(environment, "shared"));
    expect(all().shop?.environment).not.toHaveProperty("SLIPWAY_TICKETS");
    const into = new Postgres(environment, "db", { memory: "512 MiB" });
    app.runs(Job.collectTickets({ into, duplicates: true, every: "1 minute" }));
    expect(commands()[0]?.slice(2)).toEqual([
      ...["slipway_node.collect_tickets", "py4web", "/run/secrets/db-url", "--duplicates"],
    ]);
    expect(all().shop?.environment).toMatchObject({ SLIPWAY_TICKETS: "/srv/shared/errors" });
  });
});

describe("a job", () => {
  test.each([
    ["5 minutes", "5 minutes"],
    ["1 day", "1 hour"],
  ] as const)("every %s may take %s unless it says so", (period, timeout) => {
    expect(`${Job.every(period, report).timeout}`).toBe(timeout);
  });

  test.each<[string, () => unknown, string]>([
    ["name", () => Job.every("1 hour", { ...report, name: "Report!" }), 'Write "report"'],
    ["timeout", () => Job.every("1 hour", { ...report, timeout: "0 seconds" }), "at least one second"],
    ["command", () => Job.every("1 hour", { name: "report", command: [""] }), "a program and its arguments"],
    [
      "command without a word",
      () => Job.every("1 hour", { name: "report", command: [] } as unknown as JobProps),
      "a program and its arguments",
    ],
  ])("of a bad %s is refused in one line", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
