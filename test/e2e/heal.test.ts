import { beforeAll, describe, expect, test } from "vitest";
import { docker, until } from "./run.ts";
import { deployed, devSite } from "./sites.ts";

describe("the next deploy heals", () => {
  beforeAll(() => deployed(devSite));

  test("nothing, when nothing is wrong", async () => {
    expect(await devSite.pending()).toBe(0);
    const { output } = await devSite.deploy();
    expect(output).toContain("No changes.");
  });

  test.each(["db", "cache", "guestbook-1", "edge"])("a removed container: %s", async (node) => {
    await docker("rm", "--force", await devSite.container(node));
    expect(await devSite.pending()).toBe(2);
    await deployed(devSite);
    expect(await devSite.pending()).toBe(0);
  });

  test.each([
    ["edge", "/etc/slipway/httpd.conf"],
    ["db", "/etc/slipway/pg_hba.conf"],
    ["guestbook-2", "/srv/app/apps/guestbook/controllers.py"],
    ["guestbook-1", "/etc/slipway/settings_private.py"],
  ])("an edited file inside a container: %s %s", async (node, file) => {
    const before = await docker("exec", await devSite.container(node), "cat", file);
    await docker(
      "exec",
      "--user",
      "0",
      await devSite.container(node),
      "sh",
      "-c",
      `echo '# edited' >> ${file}`,
    );
    await until(`${node} is unhealthy`, 30, async () => (await devSite.health(node)) === "unhealthy");
    await deployed(devSite);
    expect(await docker("exec", await devSite.container(node), "cat", file)).toBe(before);
    expect(await devSite.pending()).toBe(0);
  });

  test("a container that was stopped", async () => {
    await docker("stop", await devSite.container("cache"));
    await deployed(devSite);
    expect(await devSite.health("cache")).toBe("healthy");
  });
});
