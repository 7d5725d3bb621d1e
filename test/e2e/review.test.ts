import { randomUUID } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Review } from "../../scripts/review/review.ts";
import { type KindOfChange, NONE, OUTAGE, ROLLING } from "../support/kinds-of-change.ts";
import type { Variation } from "../support/reviewed-stack.ts";
import { isFull } from "./extent.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { load } from "./load.ts";
import { docker, until } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";

const MAIN = "test/e2e/stacks/review.ts";
const TARGET = { hostname: "localhost", aliases: ["127.0.0.1"], ports: { http: 18100, https: 18490 } };
const site = new Site(`${PROJECT_PREFIX}-review`, TARGET.ports, MAIN, "review");

type App = "ledger" | "hello";

/** A deploy, and what its review has to say of each workload. */
type Step = Omit<KindOfChange, "from">;

const JOB = { every: "1 hour", command: "noted" } as const;
const SECOND: Variation = {
  ...{ greeting: "second", ledgerGreeting: "second", memory: "224 MiB", threads: 5, job: JOB },
  ...{ startPeriod: "70 seconds", health: "/hello" },
};

const STEPS: readonly Step[] = [
  {
    name: "setting; setting with a database; memory; threads; start; health page; a job",
    to: SECOND,
    effects: { hello: "rolling", "hello-jobs": "none", ledger: "rolling" },
  },
  {
    name: "memory of the database",
    to: { ...SECOND, databaseMemory: "320 MiB" },
    effects: { db: "outage" },
  },
];

/** Each by itself; without the one that `npm run upgrade` is for, and a deploy refuses. */
const KINDS = [...NONE, ...ROLLING, ...OUTAGE].filter(({ to }) => to.version === undefined);

describe("what a review says is what a deploy under load shows", () => {
  beforeAll(() => deployed(site));
  afterAll(() => site.remove());

  async function shows(step: Step): Promise<void> {
    const context = contextOf(step);
    const review = await reviewed(context);
    expect(effectsOf(review)).toEqual(step.effects);
    const stops = await loads();
    const { code, output } = await site.deploy(context);
    const seen = await stops();
    expect(code, output).toBe(0);
    const bad = (app: App) => seen[app].filter(([outcome]) => outcome !== "200");
    const { db, edge, ...effects } = step.effects;
    const interrupted = {
      ledger: [effects.ledger, effects["db-pooler"], db].includes("outage"),
      hello: effects.hello === "outage",
    };
    for (const app of ["ledger", "hello"] as const) {
      if (interrupted[app]) expect(bad(app), `${app} was to fail`).not.toEqual([]);
      else if (edge !== "outage") expect(bad(app), `${app} was to answer`).toEqual([]);
    }
    if (edge === "outage") expect([...bad("ledger"), ...bad("hello")], "the edge").not.toEqual([]);
    await site.allHealthy();
  }

  test.each(STEPS.map((step) => [step.name, step] as const))("%s", (_, step) => shows(step));

  describe.runIf(isFull)("each kind of change by itself", () => {
    const code = join(site.directory, "other-code");

    test.each(KINDS.map((kind) => [kind.name, kind] as const))("%s", async (_, kind) => {
      const before = await site.deploy(contextOf({ to: kind.from ?? {} }));
      expect(before.code, before.output).toBe(0);
      await site.allHealthy();
      cpSync("test/e2e/apps/greeter", code, { recursive: true });
      writeFileSync(join(code, "more.py"), "MORE = True\n");
      await shows({ ...kind, to: { ...kind.to, ...(kind.to.source !== undefined && { source: code }) } });
    });

    test("and back", async () => {
      expect((await site.deploy(contextOf({ to: SECOND }))).code).toBe(0);
      await site.allHealthy();
    });
  });

  test("data of a database with another name stays, and is found again", async () => {
    const before = await rows("db");
    expect(before).toBeGreaterThan(0);
    const renamed = contextOf({ to: { ...SECOND, database: "store" } });
    const review = await reviewed(renamed);
    expect(effectsOf(review)).toMatchObject({ db: "data at risk", store: "none" });
    expect((await site.deploy(renamed)).code).toBe(0);
    await until(
      "the new database has its table",
      60,
      async () => (await rows("store").catch(() => -1)) === 0,
    );
    const volume = `${site.project}-review-db-data`;
    expect(await docker("volume", "ls", "--quiet")).toContain(volume);
    const { output } = await site.verb("status", ["review"], site.env(renamed));
    expect(output).toContain(`volume ${volume} is not declared any more`);

    expect((await site.deploy(contextOf({ to: SECOND }))).code).toBe(0);
    await site.allHealthy();
    expect(await rows("db")).toBe(before);
  });

  test("another storage for data is refused before anything stops", async () => {
    const before = await site.container("db");
    const { code, output } = await site.deploy(contextOf({ to: { ...SECOND, folder: "/srv/other" } }));
    expect(code).not.toBe(0);
    expect(output).toContain("Its files do not move by themselves");
    expect(await site.container("db")).toBe(before);
    expect(await site.health("db")).toBe("healthy");
  });
});

function contextOf({ to, target = {} }: Pick<Step, "to" | "target">): Record<string, unknown> {
  return { variation: JSON.stringify(to), review: { ...TARGET, ...target } };
}

/** Against the release that runs. */
async function reviewed(context: Record<string, unknown>): Promise<Review> {
  const file = join(site.directory, "review.json");
  const { output } = await site.verb("review", ["review", "--json", "--out", file], {
    ...site.env(context),
    CDKTF_APP: `node --import tsx ${MAIN}`,
  });
  const review: Review = JSON.parse(readFileSync(file, "utf8"));
  expect(review.against, output).toContain("release ");
  return review;
}

const effectsOf = ({ changes }: Review) =>
  Object.fromEntries(changes.map(({ workload, effect }) => [workload, effect]));

/** Reads and writes of both applications, until they are asked what became of them. */
async function loads() {
  // By its name, which a change may take from it; a certificate that is made anew for another name is no outage.
  const origin = `https://${TARGET.hostname}:${TARGET.ports.https}`;
  // A graceful reload ends connections that are kept, and with them a request that is on its way just then.
  const of = { seconds: 280, nodeOf: (text: string) => text, origin, verify: false };
  const write = { ...of, method: "POST" } as const;
  const [reads, writes, greetings, posts] = await Promise.all([
    load(site, 1, { ...of, path: "/" }),
    load(site, 1, { ...write, path: () => `/?id=${randomUUID()}` }),
    load(site, 1, { ...of, path: "/hello" }),
    load(site, 1, { ...write, path: "/hello" }),
  ]);
  return async () => {
    const [read, written, greeted, posted] = await Promise.all([reads(), writes(), greetings(), posts()]);
    return {
      ledger: [...Object.entries(read.outcomes), ...Object.entries(written.outcomes)],
      hello: [...Object.entries(greeted.outcomes), ...Object.entries(posted.outcomes)],
    };
  };
}

async function rows(database: string): Promise<number> {
  return Number(
    await docker(
      ...["exec", await site.container(database), "psql", "-U", "postgres", "-d", "ledger"],
      ...["-Atc", "SELECT count(*) FROM entry"],
    ),
  );
}
