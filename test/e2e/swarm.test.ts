import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { extent } from "./extent.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { load } from "./load.ts";
import { type Machine, Machines } from "./machines.ts";
import { until } from "./run.ts";
import { SwarmSite } from "./swarm-site.ts";
import { Visitor } from "./visitor.ts";

const MAIN = "test/e2e/stacks/swarm.ts";
const RELEASES = extent(3, 20);
/** For all of them at most, in seconds. */
const RELEASING = 480 + RELEASES * 90;
/** Connections of the load. */
const READERS = 3;
const WRITERS = 3;
/** In which the first probe of a node that is gone fails, in seconds. */
const FIRST_PROBE = 5;
let machines: Machines;
let site: SwarmSite;
let [one, two, three]: Machine[] = [];

describe("a Swarm of three engines", () => {
  beforeAll(async () => {
    machines = await Machines.start("one", "two", "three");
    [one, two, three] = machines.all as [Machine, Machine, Machine];
    // Another one than that of the edge and the database leads, so that it can be killed.
    await machines.join(two as Machine);
    site = new SwarmSite(`${PROJECT_PREFIX}-swarm`, { http: 22080, https: 22443 }, MAIN, "swarm", machines, [
      ["manager", "edge", "db"],
      ["manager", "web"],
      ["manager", "web"],
    ]);
    const { code, output } = await site.deploy();
    expect(code, output).toBe(0);
    await site.allHealthy();
  }, 420_000);
  afterAll(async () => {
    await machines?.remove();
    await site?.remove();
  }, 120_000);

  const nodes = async () =>
    (await site.containers()).filter(({ Config }) => Config.Labels["slipway.workload"] === "ledger");
  const rows = async () =>
    Number(
      await site.exec("db", "psql", "-U", "postgres", "-d", "ledger", "-Atc", "SELECT count(*) FROM entry"),
    );
  const both = async (seconds: number) => {
    const answer = { nodeOf: (text: string) => text, seconds };
    const loads = await Promise.all([
      load(site, READERS, { ...answer, path: "/" }),
      // A write that is repeated meets its own id, and is refused by the database.
      load(site, WRITERS, { ...answer, method: "POST", path: () => `/?id=${randomUUID()}` }),
    ]);
    return () => Promise.all(loads.map((stop) => stop()));
  };

  test("releases lose and repeat no request, one that never gets healthy among them", {
    timeout: (RELEASING + 20) * 1000,
  }, async () => {
    const before = await rows();
    const stop = await both(RELEASING);
    for (let release = 1; release <= RELEASES; release += 1) {
      if (release === Math.ceil(RELEASES / 2)) {
        const serving = (await nodes()).map(({ Id }) => Id);
        const bad = await site.deploy({ release: "bad", health: "/no-such-page" });
        expect(bad.code, "a release that never gets healthy").not.toBe(0);
        expect(bad.output).toContain("service rollback completed");
        expect((await nodes()).map(({ Id }) => Id)).toEqual(expect.arrayContaining(serving));
      }
      const { code, output } = await site.deploy({ release: `release ${release}` });
      expect(code, output).toBe(0);
    }
    const [reads, writes] = await stop();
    expect(Object.keys(reads?.outcomes ?? {}), JSON.stringify(reads?.outcomes)).toEqual(["200"]);
    expect(Object.keys(writes?.outcomes ?? {}), JSON.stringify(writes?.outcomes)).toEqual(["200"]);
    expect([...(writes?.nodes ?? [])].sort()).toEqual(["ledger-1", "ledger-2"]);
    expect(await rows(), "each write once").toBe(before + (writes?.outcomes[200] ?? 0));
    expect(await site.pending()).toBe(0);
  });

  test("the edge serves the static files of nodes that run elsewhere", async () => {
    const visitor = await Visitor.to(site);
    expect((await visitor.get("/static/ledger.css")).body).toContain("ledger");
  });

  test("npm start of what runs leaves every task where it is", async () => {
    const tasks = async () => (await site.containers()).map(({ Id }) => Id).sort();
    const before = await tasks();
    const { code, output } = await site.verb("start", ["swarm"], {
      ...site.env({ release: `release ${RELEASES}` }),
      CDKTF_APP: `node --import tsx ${MAIN}`,
    });
    expect(code, output).toBe(0);
    expect(await tasks(), output).toEqual(before);
  });

  test("drift, review and rollback know the services", async () => {
    const CDKTF_APP = `node --import tsx ${MAIN}`;
    const env = (release: string) => ({ ...site.env({ release }), CDKTF_APP });
    const last = `release ${RELEASES}`;
    const clean = await site.verb("drift", ["swarm"], env(last));
    expect(clean.code, clean.output).toBe(0);

    const service = `${site.project}-swarm-ledger-1`;
    await (one as Machine).docker("service", "update", "--env-add", "RELEASE=by hand", service);
    const drifted = await site.verb("drift", ["swarm"], env(last));
    expect(drifted.code, drifted.output).toBe(2);
    expect(drifted.output).toMatch(/ledger-1 .*env .*RELEASE=by hand .*the next deploy sets it right/);

    const review = await site.verb("review", ["swarm"], env("another"));
    expect(review.code, review.output).toBe(0);
    expect(review.output).toMatch(/ledger.*rolling/);

    const back = await site.verb("rollback", ["swarm", "--yes"], env(last));
    expect(back.code, back.output).toBe(0);
    const said = (await nodes()).map(({ Config }) => Config.Env.find((one) => one.startsWith("RELEASE=")));
    expect([...new Set(said)]).toEqual([`RELEASE=release ${RELEASES - 1}`]);
    expect((await site.verb("drift", ["swarm"], env(last))).code).toBe(0);
  });

  test.each([
    ["an engine", () => three as Machine],
    ["the leader of the managers", () => two as Machine],
  ])(
    "%s is killed with all its tasks: they move, requests go on, and it comes back by itself",
    {
      timeout: 240_000,
    },
    async (_, pick) => {
      const victim = pick();
      await victim.kill();
      await sleep(FIRST_PROBE * 1000);
      const stop = await both(200);
      await until("the tasks have moved", 120, async () => {
        const moved = (await nodes()).filter(({ State }) => State.Health?.Status === "healthy");
        return new Set(moved.map(({ Config }) => Config.Labels["slipway.node"])).size === 2;
      });
      await victim.start();
      await until("the engine is a node again", 60, async () => {
        const listed = await (one as Machine).docker("node", "ls", "--format", "{{.Hostname}} {{.Status}}");
        return !/Down|Unknown/.test(listed);
      });
      const [reads, writes] = await stop();
      expect(Object.keys(reads?.outcomes ?? {}), JSON.stringify(reads?.outcomes)).toEqual(["200"]);
      const { 200: written = 0, 500: lost = 0, ...others } = writes?.outcomes ?? {};
      expect(others).toEqual({});
      expect(written).toBeGreaterThan(0);
      // A node that comes back under the address that it had answers the edge's probe before its name is known again.
      expect(lost, "writes that met a name without an address").toBeLessThanOrEqual(WRITERS);
      const { code, output } = await site.deploy({ release: `after ${victim.name}` });
      expect(code, `${output}\n${await site.tasks()}`).toBe(0);
      // Those that were moved finish what they have.
      await until("the next release is spread over it, and the tasks of before are gone", 60, async () => {
        const placed = (await nodes()).map(({ machine }) => machine.name);
        return placed.sort().join() === "three,two";
      });
      expect(await site.pending(), "what a move leaves for the next plan").toBe(0);
    },
  );

  test("an edit of the number of nodes is a deploy", { timeout: 120_000 }, async () => {
    const { code, output } = await site.deploy({ nodes: 3 });
    expect(code, output).toBe(0);
    await site.allHealthy();
    const running = (await nodes()).map(({ Config }) => Config.Labels["slipway.node"]);
    expect(running.sort()).toEqual(["ledger-1", "ledger-2", "ledger-3"]);
    const { output: status } = await site.verb("status", ["swarm"]);
    expect(status).toContain("Swarm of 3");
  });
});
