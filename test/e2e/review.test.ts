import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Effect } from "../../scripts/review/effect.ts";
import type { Review } from "../../scripts/review/review.ts";
import type { Variation } from "../support/reviewed-stack.ts";
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
interface Step {
  /** The kinds of change in it, for who reads the results. */
  readonly kinds: readonly string[];
  readonly to: Variation;
  readonly effects: Readonly<Record<string, Effect>>;
  /** Whose requests fail for a while. */
  readonly fails: readonly App[];
}

const JOB = { every: "1 hour", command: "noted" } as const;
const SECOND: Variation = {
  ...{ greeting: "second", ledgerGreeting: "second", memory: "224 MiB", threads: 5, job: JOB },
  ...{ startPeriod: "70 seconds", health: "/hello" },
};

const STEPS: readonly Step[] = [
  {
    kinds: ["setting", "setting with a database", "memory", "threads", "start", "health page", "a job"],
    to: SECOND,
    effects: { hello: "rolling", "hello-jobs": "none", ledger: "rolling" },
    fails: [],
  },
];

describe("what a review says is what a deploy under load shows", () => {
  beforeAll(() => deployed(site));
  afterAll(() => site.remove());

  test.each(STEPS.map((step) => [step.kinds.join("; "), step] as const))("%s", async (_, step) => {
    const context = contextOf(step);
    const review = await reviewed(context);
    expect(effectsOf(review)).toEqual(step.effects);
    const stops = await loads();
    const { code, output } = await site.deploy(context);
    expect(code, output).toBe(0);
    const seen = await stops();
    for (const app of ["ledger", "hello"] as const) {
      const bad = seen[app].filter(([outcome]) => outcome !== "200");
      if (step.fails.includes(app)) expect(bad, `${app} was to fail`).not.toEqual([]);
      else expect(bad, `${app} was to answer`).toEqual([]);
    }
    await site.allHealthy();
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

function contextOf({ to }: Pick<Step, "to">): Record<string, unknown> {
  return { variation: JSON.stringify(to), review: TARGET };
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
  const of = { seconds: 280, nodeOf: (text: string) => text };
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
