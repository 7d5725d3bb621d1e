import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { type Result, run } from "./run.ts";
import { Site } from "./site.ts";
import { Visitor } from "./visitor.ts";

const site = new Site(`${PROJECT_PREFIX}-cdktf`, { http: 18083, https: 18446 });

/** The ordinary CDKTF verbs, as a user types them. */
const cdktf = (...args: string[]): Promise<Result> =>
  run("npx", ["--no", "cdktf", ...args, "--output", site.outdir], { env: site.env(), limit: 600 });

describe("npx cdktf", () => {
  beforeAll(() => site.remove());
  afterAll(() => site.remove());

  test("synth writes the stacks", async () => {
    const { code, output } = await cdktf("synth");
    expect(code, output).toBe(0);
  });

  test("deploy deploys, and directly after that says that there are no changes", async () => {
    const first = await cdktf("deploy", "dev", "--auto-approve");
    expect(first.code, first.output).toBe(0);
    expect((await (await Visitor.to(site)).get("/")).status).toBe(200);

    const second = await cdktf("deploy", "dev", "--auto-approve");
    expect(second.code, second.output).toBe(0);
    expect(second.output).toContain("No changes");
    expect(await site.pending()).toBe(0);
  });

  test("diff says that there is nothing to do", async () => {
    const { code, output } = await cdktf("diff", "dev");
    expect(code, output).toBe(0);
    expect(output).toContain("No changes");
  });

  test("destroy removes everything, the data of development too", async () => {
    const { code, output } = await cdktf("destroy", "dev", "--auto-approve");
    expect(code, output).toBe(0);
    expect(await site.containers()).toEqual([]);
    const volumes = await run("docker", [
      "volume",
      "ls",
      "--quiet",
      "--filter",
      `label=slipway.project=${site.project}`,
    ]);
    expect(volumes.output).toBe("");
  });

  test("a stack that breaks rules is refused with one readable message", async () => {
    const app = "node --import tsx test/support/broken-main.ts";
    const { code, output } = await run(
      "npx",
      ["--no", "cdktf", "synth", "--app", app, "--output", site.outdir],
      {
        env: site.env(),
      },
    );
    expect(code).not.toBe(0);
    expect(output).toContain("to mend before anything can run");
    expect(output).toContain("only-the-edge-publishes");
    expect(output).toContain("database-apart-from-shared-folders");
    expect(output).toContain("sessions-on-every-node");
  });
});
