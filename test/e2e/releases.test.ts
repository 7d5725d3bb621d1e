import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { extent } from "./extent.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { load } from "./load.ts";
import { docker } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";

const RELEASES = extent(6, 20);
const site = new Site(
  `${PROJECT_PREFIX}-releases`,
  { http: 18210, https: 18610 },
  "test/e2e/stacks/releases.ts",
  "releases",
);

describe("releases under load", () => {
  beforeAll(() => deployed(site));
  afterAll(() => site.remove());

  const nodes = async () =>
    (await site.containers()).filter(({ Config }) => Config.Labels["slipway.workload"] === "ledger");
  const rows = async () =>
    Number(
      await docker(
        ...["exec", await site.container("db"), "psql", "-U", "postgres", "-d", "ledger"],
        ...["-Atc", "SELECT count(*) FROM entry"],
      ),
    );

  test("no request fails or is repeated, one that never gets healthy among them", {
    timeout: 900_000,
  }, async () => {
    const before = await rows();
    const answer = { nodeOf: (text: string) => text, seconds: 800 };
    const [reads, writes] = await Promise.all([
      load(site, 3, { ...answer, path: "/" }),
      // A write that is repeated meets its own id, and is refused by the database.
      load(site, 3, { ...answer, method: "POST", path: () => `/?id=${randomUUID()}` }),
    ]);
    for (let release = 1; release <= RELEASES; release += 1) {
      if (release === RELEASES / 2) {
        const serving = (await nodes()).map(({ Id }) => Id);
        const bad = await site.deploy({ release: "bad", health: "/no-such-page" });
        expect(bad.code, "a release that never gets healthy").not.toBe(0);
        expect((await nodes()).map(({ Id }) => Id)).toEqual(expect.arrayContaining(serving));
      }
      const { code, output } = await site.deploy({ release });
      expect(code, output).toBe(0);
    }
    const [read, written] = await Promise.all([reads(), writes()]);
    expect(Object.keys(read.outcomes), JSON.stringify(read.outcomes)).toEqual(["200"]);
    expect(Object.keys(written.outcomes), JSON.stringify(written.outcomes)).toEqual(["200"]);
    expect([...written.nodes].sort()).toEqual(["ledger-1", "ledger-2"]);
    expect(await rows(), "each write once").toBe(before + (written.outcomes[200] ?? 0));
    const running = await nodes();
    expect(running.map(({ Config }) => Config.Env.includes(`RELEASE=${RELEASES}`))).toEqual([true, true]);
    expect(await site.pending()).toBe(0);
  });

  test("more nodes and fewer of them lose nothing either, and the database takes their roles over as it runs", async () => {
    const database = () =>
      site.container("db").then((name) => docker("inspect", "--format", "{{.Id}}", name));
    const limit = async () =>
      docker(
        ...["exec", await site.container("db"), "psql", "-U", "postgres"],
        ...["-Atc", "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'ledger'"],
      );
    const before = { id: await database(), limit: await limit() };
    const writes = await load(site, 3, {
      nodeOf: (text) => text,
      seconds: 300,
      method: "POST",
      path: () => `/?id=${randomUUID()}`,
    });
    for (const count of [3, 2]) {
      const { code, output } = await site.deploy({ release: RELEASES, nodes: count });
      expect(code, output).toBe(0);
      expect(await nodes()).toHaveLength(count);
      expect((await limit()) === before.limit).toBe(count === 2);
      expect(await database()).toBe(before.id);
    }
    const { outcomes } = await writes();
    expect(Object.keys(outcomes), JSON.stringify(outcomes)).toEqual(["200"]);
  });
});
