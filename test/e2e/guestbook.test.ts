import { beforeAll, describe, expect, test } from "vitest";
import { fromBothNodes } from "./guestbook.ts";
import { PNG } from "./picture.ts";
import { deployed, devSite } from "./sites.ts";
import { Visitor } from "./visitor.ts";

describe("the guestbook on the dev stack", () => {
  beforeAll(() => deployed(devSite));

  test("a visitor signs up on one node and is known on both, and both show what was written", async () => {
    const visitor = await Visitor.to(devSite);
    const name = `ann${Date.now()}`;
    const up = await visitor.submit("/signup", "signup", {
      username: name,
      password: "correct horse battery",
    });
    expect(up.status, up.body).toBe(303);
    expect(up.headers["set-cookie"]).toMatch(/Secure/i);
    const message = `Hello from ${name} & <friends>`;
    const signed = await visitor.submit("/", "entry", { message, picture: PNG });
    expect(signed.status, signed.body).toBe(303);

    for (const page of await fromBothNodes(visitor, "/")) {
      expect(page.body).toContain(`Hello from ${name} &amp; &lt;friends&gt;`);
      expect(page.body).not.toContain("<friends>");
      expect(page.body, "signed in on every node").toContain("Sign out");
    }
  });

  test("an uploaded picture is on both nodes", async () => {
    const visitor = await Visitor.to(devSite);
    const path = /\/picture\/[0-9a-f]+\.webp/.exec((await visitor.get("/")).body)?.[0] ?? "";
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const picture = await visitor.get(path);
      expect(picture.status).toBe(200);
      expect(picture.headers["content-type"]).toBe("image/webp");
    }
  });

  test("the counter that one node put into memcached is a hit on the other", async () => {
    const visitor = await Visitor.to(devSite);
    await visitor.get("/api/entries");
    for (const answer of await fromBothNodes(visitor, "/api/entries"))
      expect(JSON.parse(answer.body).cache).toBe("hit");
  });

  test("a stranger cannot write", async () => {
    const visitor = await Visitor.to(devSite);
    await expect(visitor.submit("/", "entry", { message: "no" })).rejects.toThrow("no form entry");
  });
});
