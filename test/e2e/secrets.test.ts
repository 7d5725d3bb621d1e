import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { docker, run } from "./run.ts";
import { deployed, devSite } from "./sites.ts";

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(".terraform"))
    .map((entry) => join(entry.parentPath, entry.name));
}

describe("secrets", () => {
  beforeAll(() => deployed(devSite));

  const leaks = (text: string) => devSite.secrets().filter((value) => text.includes(value)).length;

  test("there are some to look for, and the search finds them where they are", () => {
    expect(devSite.secrets().length).toBeGreaterThanOrEqual(4);
    expect(leaks(devSite.secrets().join())).toBe(devSite.secrets().length);
  });

  test("are readable to their owner alone", () => {
    for (const file of files(join(devSite.directory, devSite.project, "secrets")))
      expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("are in no synthesized file, and in none that is kept: state, records of releases, audit log", () => {
    const kept = files(join(devSite.directory, devSite.project)).filter(
      (file) => !file.includes("/secrets/"),
    );
    for (const folder of ["/state/", "/releases/"]) {
      expect(kept.filter((file) => file.includes(folder)).length, folder).toBeGreaterThan(0);
    }
    const searched = [...files(devSite.outdir), ...kept];
    expect(searched.filter((file) => leaks(readFileSync(file, "utf8")) > 0)).toEqual([]);
  });

  test("are not shown by docker inspect, the logs or the history of an image", async () => {
    for (const { Id, Name } of await devSite.containers()) {
      expect(leaks(await docker("inspect", Id)), `inspect ${Name}`).toBe(0);
      expect(leaks((await run("docker", ["logs", Id])).output), `logs ${Name}`).toBe(0);
      const image = JSON.parse(await docker("inspect", Id))[0].Image;
      expect(leaks(await docker("history", "--no-trunc", image)), `image ${Name}`).toBe(0);
    }
  });

  test("are in no plan, saved or shown, and in no output of a deploy", async () => {
    const { output } = await devSite.terraform("plan", "-no-color", "-replace=docker_container.db");
    expect(output).toContain("docker_container.db");
    expect(leaks(output)).toBe(0);
    await devSite.terraform("plan", "-no-color", "-replace=docker_container.db", "-out=saved.tfplan");
    const { output: saved } = await devSite.terraform("show", "-json", "saved.tfplan");
    expect(saved).toContain('"docker_container.db"');
    expect(leaks(saved), "a plan that is saved").toBe(0);
    expect(leaks((await devSite.deploy()).output)).toBe(0);
  });

  test("can be read inside by the workload's user only", async () => {
    const node = await devSite.container("guestbook-1");
    expect(await docker("exec", node, "sh", "-c", "cat /run/secrets/db-url | wc -c")).not.toBe("0");
    const other = await run("docker", ["exec", "--user", "4242", node, "cat", "/run/secrets/db-url"]);
    expect(other.code).not.toBe(0);
    expect(other.output).toContain("Permission denied");
  });
});
