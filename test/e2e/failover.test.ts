import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load } from "./load.ts";
import { docker, until } from "./run.ts";
import { deployed, devSite } from "./sites.ts";
import { Visitor } from "./visitor.ts";

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

describe("a node is killed under load", () => {
  beforeAll(() => deployed(devSite));
  afterAll(() => deployed(devSite));

  test("no read fails, during the kill or after it, and the node comes back into the farm", async () => {
    const stop = await load(devSite, 8);
    await pause(2);
    const node = await devSite.container("guestbook-1");
    await docker("kill", node);
    await pause(6);
    const during = await stop();
    expect(Object.keys(during.outcomes), JSON.stringify(during.outcomes)).toEqual(["200"]);
    expect([...during.nodes].sort(), "both had been answering").toEqual(["guestbook-1", "guestbook-2"]);

    await docker("start", node);
    await until("the node is healthy", 60, async () => (await devSite.health("guestbook-1")) === "healthy");
    await pause(6);
    const again = await load(devSite, 4);
    await pause(2);
    const after = await again();
    expect([...after.nodes].sort()).toEqual(["guestbook-1", "guestbook-2"]);
    expect(Object.keys(after.outcomes)).toEqual(["200"]);
  });

  test("after the first failed probe no write is lost either", async () => {
    const visitor = await Visitor.to(devSite);
    await visitor.submit("/signup", "signup", {
      username: `bob${Date.now()}`,
      password: "correct horse battery",
    });
    await docker("kill", await devSite.container("guestbook-2"));
    // The edge probes each node every second, and waits a second for the answer.
    await pause(4);
    const stamp = `write-${Date.now()}`;
    for (let at = 0; at < 20; at += 1) {
      const { status } = await visitor.submit("/", "entry", { message: `${stamp}-${at}` });
      expect(status).toBe(303);
    }
  });
});
