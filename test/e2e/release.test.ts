import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { load } from "./load.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";
import { Visitor } from "./visitor.ts";

const site = new Site(
  `${PROJECT_PREFIX}-release`,
  { http: 18081, https: 18444 },
  "test/e2e/stacks/release.ts",
  "release",
);

describe("releases of an application", () => {
  beforeAll(() => deployed(site));
  afterAll(() => site.remove());

  const greeting = async () => (await (await Visitor.to(site)).get("/")).body;

  test("a release that never gets healthy fails, and the one before goes on serving", async () => {
    const before = await site.container("hello");
    const bad = await site.deploy({ greeting: "broken", health: "/no-such-page" });
    expect(bad.code).not.toBe(0);
    expect(bad.output).toContain("container failed to be in healthy state");
    expect(await greeting()).toContain("first");
    expect((await site.containers()).map(({ Name }) => Name.slice(1))).toContain(before);

    const again = await site.deploy({ greeting: "broken", health: "/no-such-page" });
    expect(again.code, "the same bad release again").not.toBe(0);
    expect(again.output).not.toContain("already in use");
    expect(await greeting()).toContain("first");
  });

  test("going back to the release before works as well", async () => {
    const back = await site.deploy();
    expect(back.code, back.output).toBe(0);
    expect(await greeting()).toContain("first");
  });

  test("the next good release works without anybody cleaning up", async () => {
    const good = await site.deploy({ greeting: "second" });
    expect(good.code, good.output).toBe(0);
    expect(await greeting()).toContain("second");
    const nodes = (await site.containers()).filter(
      ({ Config }) => Config.Labels["slipway.workload"] === "hello",
    );
    expect(nodes).toHaveLength(1);
    expect(await site.pending()).toBe(0);
  });

  test("a release under load loses neither a read nor a write, not even of those that wait for the node that goes", async () => {
    const nodeOf = (answer: string) => answer.split("\n")[0] ?? "";
    const options = { path: "/", nodeOf } as const;
    const loads = await Promise.all([load(site, 6, options), load(site, 6, { ...options, method: "POST" })]);
    const { code, output } = await site.deploy({ greeting: "third" });
    expect(code, output).toBe(0);
    for (const { outcomes, nodes } of await Promise.all(loads.map((stop) => stop()))) {
      expect(Object.keys(outcomes), JSON.stringify(outcomes)).toEqual(["200"]);
      expect([...nodes]).toEqual(["second", "third"]);
    }
  });
});
