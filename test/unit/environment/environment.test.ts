import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { App as Cdktf, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { explain } from "../../../modules/environment/explain.ts";
import { Memcached } from "../../../modules/memcached/memcached.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import type { Waiver } from "../../../modules/rules/rule.ts";
import { Port } from "../../../modules/values/port.ts";
import { Broken } from "../../support/broken.ts";
import { hello } from "../../support/hello.ts";
import { synthesize } from "../../support/synthesis.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

class Small extends Environment {
  readonly cache: Memcached;

  constructor(scope: Construct, waivers: readonly Waiver[] = []) {
    super(scope, "small", { engine: Docker.local(), purpose: "development", waivers });
    this.cache = new Memcached(this, "cache", { memory: "64 MiB" });
  }
}

/** What a user reads when a synth fails. */
function said(compose: (app: Cdktf) => void, context: Record<string, unknown> = {}): string {
  try {
    synthesize(compose, context);
  } catch (error) {
    return explain(error) ?? `not explained: ${error}`;
  }
  throw new Error("the synth succeeded");
}

describe("validations", () => {
  test("of a child, and of its child, make the synth fail under their paths", () => {
    const message = said((app) => {
      const parent = new Construct(new Small(app), "parent");
      new Construct(parent, "child").node.addValidation({ validate: () => ["a child says no"] });
    });
    expect(message).toBe(
      "✗ 1 thing to mend before anything can run:\n\nsmall/parent/child: a child says no\n",
    );
  });

  test("of rules and of children are listed together", () => {
    const message = said((app) => {
      new Broken(app).node.findChild("db").node.addValidation({ validate: () => ["one more"] });
    });
    expect(message).toMatch(/^✗ 4 things to mend/);
    expect(message).toContain("\nbroken/db: one more\n");
  });

  test("nothing but what a rule found is said: cdktf's advice to skip validations is not", () => {
    expect(said((app) => new Broken(app))).not.toContain("skipValidation");
  });

  test("of a broken environment leave no plan behind that could be deployed", () => {
    const outdir = join(temporaryFolder(), "out");
    const app = new Cdktf({ outdir, context: { directory: temporaryFolder() } });
    new Broken(app);
    expect(() => app.synth()).toThrow();
    expect(readdirSync(outdir, { recursive: true }).filter((file) => `${file}`.endsWith(".tf.json"))).toEqual(
      [],
    );
  });
});

describe("a waiver of the stack", () => {
  const waivers: Waiver[] = [
    { rule: "only-the-edge-publishes", path: "wavy/cache", reason: "the profiler of the team connects here" },
  ];
  class Wavy extends Environment {
    constructor(scope: Construct, props: { waivers?: readonly Waiver[] }) {
      super(scope, "wavy", { engine: Docker.local(), purpose: "development", ...props });
      const port = Port.of(11211);
      new Memcached(this, "cache", {
        memory: "64 MiB",
        publish: [{ address: "127.0.0.1", host: port, container: port }],
      });
    }
  }

  test("lets the violation pass, and the synth fails without it", () => {
    expect(
      synthesize((app) => new Wavy(app, { waivers })).terraform("wavy").resource.docker_container.cache,
    ).toBeDefined();
    expect(said((app) => new Wavy(app, {}))).toContain("rule only-the-edge-publishes");
  });

  test("that nothing needs makes the synth fail", () => {
    expect(said((app) => new Small(app, waivers))).toContain("remove the waiver");
  });
});

describe("mistakes in a stack", () => {
  test("two modules with one name are explained", () => {
    const message = said((app) => {
      const small = new Small(app);
      new Postgres(small, "cache", { memory: "512 MiB" });
    });
    expect(message).toBe(
      '✗ Invalid name "cache" in small: allowed is a name that is free. Rename one of the two.',
    );
  });

  test("a module in a plain stack says what it needs", () => {
    const plain = new TerraformStack(new Cdktf({ outdir: temporaryFolder() }), "plain");
    expect(() => new Memcached(plain, "cache", { memory: "64 MiB" })).toThrow(
      "plain/cache stands in a plain TerraformStack; modules need an Environment.",
    );
  });

  test("a defect of the toolkit is no user's mistake and is not explained away", () => {
    expect(explain(new TypeError("undefined is not a function"))).toBeUndefined();
    expect(explain("thrown text")).toBeUndefined();
  });
});

describe("two environments with different project names", () => {
  const both = ["alpha", "omega"].map((project) =>
    synthesize(
      (app) => {
        const environment = new Small(app);
        const shop = new App(environment, "shop", { source: hello(), nodes: 2 });
        shop.uses(new Postgres(environment, "db", { memory: "512 MiB" }));
        shop.uses(environment.cache);
      },
      { project },
    ),
  );
  const [first, second] = both.map(({ terraform }) => terraform("small"));

  test.each([
    "docker_container",
    "docker_network",
    "docker_volume",
    "docker_image",
  ] as const)("share no %s", (kind) => {
    const names = [first, second].map((stack) =>
      Object.values(stack?.resource[kind] ?? {}).map(({ name }) => name.replace(/\$\{.*/, "")),
    );
    expect(names[0]?.length).toBeGreaterThan(0);
    for (const name of names[0] ?? []) expect(name).toMatch(/^alpha[-/]/);
    for (const name of names[1] ?? []) expect(name).toMatch(/^omega[-/]/);
  });

  test("see no containers but their own", () => {
    expect(JSON.stringify(first)).not.toContain("omega");
    expect(JSON.stringify(second)).not.toContain("alpha");
  });

  test("keep secrets and state in folders of their own", () => {
    const projects = ["alpha", "omega"];
    for (const [at, { directory }] of both.entries())
      expect(existsSync(join(directory, projects[at] ?? "", "secrets", "small", "db_shop_password"))).toBe(
        true,
      );
  });
});
