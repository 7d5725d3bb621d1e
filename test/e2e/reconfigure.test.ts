import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { extent } from "./extent.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker, run } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";
import { certificate } from "./visitor.ts";
import { visitors } from "./visitors.ts";

const site = new Site(
  `${PROJECT_PREFIX}-reconfigure`,
  { http: 18085, https: 18448 },
  "test/e2e/stacks/hello.ts",
  "hello",
);
const TARGET = { hostname: "localhost", ports: { http: 18085, https: 18448 } };
const CHANGES = extent(30, 100);
const CONF = "/etc/slipway/httpd.conf";

const visiting = async (count: number) =>
  visitors(count, `${site.https}/`, { connect: { ca: await certificate(site) } });

describe("a changed configuration of the edge", () => {
  beforeAll(() => deployed(site));
  afterAll(() => site.remove());

  const id = async () =>
    docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", await site.container("edge"));

  test("reaches the container that runs, with a certificate for the new name", async () => {
    const before = await id();
    const aliases = ["127.0.0.1", "shop.example.org"];
    const { code, output } = await site.deploy({ hello: { ...TARGET, aliases } });
    expect(code, output).toBe(0);
    expect(await id()).toBe(before);
    expect(await docker("exec", await site.container("edge"), "cat", CONF)).toContain("shop.example.org");
    const authority = join(site.directory, "chain.pem");
    writeFileSync(authority, await certificate(site));
    const { output: answer } = await run("curl", [
      ..."--silent --show-error --output /dev/null --write-out %{http_code}".split(" "),
      ...["--cacert", authority, "--resolve", "shop.example.org:18448:127.0.0.1"],
      "https://shop.example.org:18448/",
    ]);
    expect(answer).toBe("200");
    await site.allHealthy();
    const plan = await site.terraform("plan", "-detailed-exitcode", "-no-color");
    expect(plan.code, plan.output).toBe(0);
  });

  test("loses no request, again and again under load", async () => {
    const edge = await site.container("edge");
    const conf = await docker("exec", edge, "cat", CONF);
    const stop = await visiting(4);
    const failures: string[] = [];
    for (let change = 1; change <= CHANGES; change += 1) {
      const { code, output } = await handOver(
        edge,
        conf.replace("KeepAliveTimeout 5", `KeepAliveTimeout ${change}`),
      );
      if (code !== 0) failures.push(output);
    }
    const { good, bad } = await stop();
    expect(failures).toEqual([]);
    expect(bad).toEqual([]);
    expect(good).toBeGreaterThan(5 * CHANGES);
    expect(await docker("exec", edge, "cat", CONF)).toContain(`KeepAliveTimeout ${CHANGES}`);
  });

  test("that the server refuses is not taken over, and visitors notice nothing", async () => {
    const edge = await site.container("edge");
    const before = await docker("exec", edge, "cat", CONF);
    const stop = await visiting(2);
    const { code, output } = await handOver(edge, `${before}\nNonsense On\n`);
    expect(code).not.toBe(0);
    expect(output).toContain("Nonsense");
    expect(await docker("exec", edge, "cat", CONF)).toBe(before);
    const { bad } = await stop();
    expect(bad).toEqual([]);
  });

  /** What the deployment runs, without the seconds that Terraform takes. */
  async function handOver(edge: string, conf: string) {
    const staged = join(site.workingDirectory, "files/edge");
    writeFileSync(join(staged, CONF), conf);
    const checksums = join(staged, "etc/slipway/files.sha256");
    const line = `${createHash("sha256").update(conf).digest("hex")}  ${CONF}`;
    writeFileSync(checksums, readFileSync(checksums, "utf8").replace(new RegExp(`^.*${CONF}$`, "m"), line));
    const { resource } = JSON.parse(readFileSync(join(site.workingDirectory, "cdk.tf.json"), "utf8"));
    const [provisioner] = resource.terraform_data["edge-files"].provisioner;
    const command = provisioner["local-exec"].command;
    return run("sh", ["-c", command], { env: { CONTAINER: edge }, cwd: site.workingDirectory });
  }
});
