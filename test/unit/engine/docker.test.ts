import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { targetOf } from "../../../modules/environment/target.ts";
import { Memcached } from "../../../modules/memcached/memcached.ts";
import { Dev } from "../../../stacks/dev.ts";
import { hello } from "../../support/hello.ts";
import { synthesizeShipped } from "../../support/shipped.ts";
import { type Synthesis, synthesize } from "../../support/synthesis.ts";
import { type ContainerResource, labelOf, type Terraform } from "../../support/terraform.ts";

const shipped = synthesizeShipped();
const containersOf = (stack: Terraform) => Object.entries(stack.resource.docker_container);
const every = ["dev", "prod"].flatMap((name) =>
  containersOf(shipped.terraform(name)).map(([node, container]) => [`${name}/${node}`, container] as const),
);
const isRolling = (container: ContainerResource) => container.lifecycle?.create_before_destroy === true;
const roleOf = (container: ContainerResource) => labelOf(container, "slipway.role");
/** Nodes, and the jobs of an application, whose scheduler waits for the one before (docs/decisions/0015-jobs.md). */
const startsFirst = (container: ContainerResource) => ["app", "job"].includes(roleOf(container) ?? "");

test("the shipped stacks have the containers that they describe", () => {
  expect(every.map(([path]) => path).sort()).toEqual([
    ...["cache", "db", "edge", "guestbook-1", "guestbook-2"].map((node) => `dev/${node}`),
    ...["backup-db", "backup-files", "cache-1", "cache-2", "db", "edge"].map((node) => `prod/${node}`),
    ...["1", "2", "3", "4", "jobs"].map((node) => `prod/guestbook-${node}`),
  ]);
});

describe.each(every)("%s", (path, container) => {
  const [, node] = path.split("/");

  test("is checked, and the deploy waits until it is healthy", () => {
    expect(container.healthcheck.test).toEqual([
      "CMD",
      roleOf(container) === "job" ? "jobs-health" : "health",
    ]);
    expect(container.healthcheck.retries).toBeGreaterThan(0);
    expect(container.wait).toBe(true);
    const [, minutes = "0", seconds = "0"] =
      /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(container.healthcheck.start_period) ?? [];
    const start = Number(minutes) * 60 + Number(seconds);
    expect(start).toBeGreaterThan(0);
    expect(container.wait_timeout).toBeGreaterThan(start);
  });

  test("has hard limits, without swap on top", () => {
    expect(container.memory).toBeGreaterThan(0);
    expect(container.memory_swap).toBe(container.memory);
    const [limit] = container.ulimit;
    expect(limit?.name).toBe("nproc");
    expect(limit?.hard).toBe(limit?.soft);
  });

  test("has no rights that it does not need", () => {
    expect(container.capabilities).toEqual({ drop: ["ALL"] });
    expect(container.security_opts).toEqual(["no-new-privileges:true"]);
    expect(Number(container.user)).toBeGreaterThan(0);
  });

  test("rotates its log and comes back after a restart of the host", () => {
    expect(container.log_driver).toBe("json-file");
    expect(container.log_opts).toEqual({ "max-size": "10m", "max-file": "3" });
    expect(container.restart).toBe("unless-stopped");
  });

  test("is given time to stop, by the provider too", () => {
    expect(container.destroy_grace_seconds).toBeGreaterThan(0);
    expect(container.stop_timeout).toBe(container.destroy_grace_seconds);
  });

  test("runs an image by its id", () => {
    expect(container.image).toMatch(/^\$\{docker_image\.[a-z0-9-]+\.image_id\}$/);
  });

  test("publishes ports only as the edge, on the target's address", () => {
    if (roleOf(container) === "edge")
      expect(container.ports.map(({ ip }) => ip)).toEqual(["127.0.0.1", "127.0.0.1"]);
    else expect(container.ports).toEqual([]);
  });

  test("answers to its own name", () => {
    for (const { aliases } of container.networks_advanced) expect(aliases).toContain(node);
    expect(container.env).toContain(`SLIPWAY_NODE=${node}`);
  });

  test("checks the files that were delivered, byte by byte", () => {
    // Terraform's escapes, taken back.
    const delivered = container.upload.flatMap(({ file, content }) =>
      content === undefined ? [] : [[file, content.replaceAll("$${", "${").replaceAll("%%{", "%{")] as const],
    );
    const texts = delivered.filter(([file]) => file !== "/etc/slipway/files.sha256");
    const sums = texts.map(([file, text]) => `${createHash("sha256").update(text).digest("hex")}  ${file}\n`);
    expect(new Map(delivered).get("/etc/slipway/files.sha256") ?? "").toBe(sums.join(""));
  });

  test("leaves nothing in its files for Terraform to interpolate", () => {
    for (const { content = "" } of container.upload) {
      expect(content.replaceAll("$${", "").replaceAll("%%{", "")).not.toMatch(/[$%]\{/);
    }
  });

  test("is found by its labels", () => {
    expect(labelOf(container, "slipway.node")).toBe(node);
    expect(labelOf(container, "slipway.project")).toBe("slipway");
    expect(labelOf(container, "slipway.stack")).toBe(path.split("/")[0]);
    expect(labelOf(container, "slipway.release")).toMatch(/^[0-9a-f]+$/);
  });
});

describe("releases", () => {
  test("of application nodes and their jobs start first, under names that change with generation, image and settings", () => {
    const nodes = every.filter(([, container]) => startsFirst(container));
    expect(nodes).toHaveLength(7);
    for (const [path, container] of nodes) {
      expect(isRolling(container)).toBe(true);
      const generation = labelOf(container, "slipway.generation")?.replace(/^\$\{|\}$/g, "") ?? "missing";
      expect(generation).toContain(`lookup(local.generations, "${path.split("/")[1]}"`);
      expect(container.name).toContain(generation);
      expect(container.name).toContain(`${labelOf(container, "slipway.release")}/`);
      expect(container.name).toContain(".image_id");
    }
  });

  test("of all else stop first, under names that stay", () => {
    for (const [path, container] of every.filter(([, container]) => !startsFirst(container))) {
      expect(isRolling(container)).toBe(false);
      expect(container.name).toBe(`slipway-${path.replace("/", "-")}`);
    }
  });

  test.each(["dev", "prod"])("of %s: no container refers to another", (name) => {
    // What starts first would make all that it depends on start first as well: a database twice on the same files.
    for (const [, container] of containersOf(shipped.terraform(name))) {
      for (const one of container.depends_on ?? []) expect(one).toMatch(/^terraform_data\..*-volume$/);
      expect(JSON.stringify(container)).not.toMatch(/docker_container\./);
    }
  });
});

describe("volumes", () => {
  const kept = (name: string) =>
    Object.keys(shipped.terraform(name).resource.terraform_data ?? {})
      .filter((id) => id.endsWith("-volume"))
      .map((id) => id.replace(/-volume$/, ""))
      .sort();
  const folders = ["cache", "errors", "sessions", "uploads"].map((folder) => `shared_guestbook_${folder}`);
  const data = ["backup-databases", "backup-files", "db-data", ...folders];

  test("with data are none of Terraform's in production, which forgets those that it had", () => {
    expect(kept("prod")).toEqual(data);
    const { resource, removed } = shipped.terraform("prod");
    for (const volume of data) expect(resource.docker_volume[volume]).toBeUndefined();
    expect(removed).toEqual(
      data.map((volume) => ({ from: `docker_volume.${volume}`, lifecycle: { destroy: false } })),
    );
  });

  test("with data are made before what mounts them, and refused on another storage", () => {
    const { db } = shipped.terraform("prod").resource.docker_container;
    expect(db?.depends_on).toContain("terraform_data.db-data-volume");
    expect(db?.volumes.map(({ volume_name }) => volume_name)).toContain("slipway-prod-db-data");
    const conditions = db?.lifecycle?.precondition?.map(({ condition }) => condition) ?? [];
    expect(conditions.some((text) => text.includes('local.storages, "db-data"'))).toBe(true);
  });

  test("can be destroyed in development", () => {
    expect(kept("dev")).toEqual([]);
    expect(shipped.terraform("dev").resource.docker_volume["db-data"]).toBeDefined();
    expect(shipped.terraform("dev").removed).toBeUndefined();
  });
});

describe("networks", () => {
  const { docker_network, docker_container } = shipped.terraform("prod").resource;
  const on = (network: string) =>
    Object.entries(docker_container)
      .filter(([, container]) =>
        container.networks_advanced.some(({ name }) => name === `\${docker_network.${network}.name}`),
      )
      .map(([, container]) => roleOf(container));

  test("of the database and the cache lead nowhere, and only who uses them is on them", () => {
    for (const [network, roles] of [
      ["db", ["database", "app", "job"]],
      ["cache", ["cache", "app", "job"]],
    ] as const) {
      expect(docker_network[network]?.internal).toBe(true);
      expect(new Set(on(network))).toEqual(new Set(roles));
    }
  });

  test("of the edge has nobody else on it", () => {
    expect(on("edge")).toEqual(["edge"]);
  });
});

describe("secrets", () => {
  test("of the shipped stacks are nowhere below the output folder", () => {
    expectNoSecrets(shipped, ["dev", "prod"], 4);
  });

  test("are referred to by path and fingerprint", () => {
    const secrets = every.flatMap(([, { upload }]) =>
      upload.filter(({ file }) => file.startsWith("/run/secrets/")),
    );
    expect(secrets.length).toBeGreaterThan(6);
    for (const { content, source, source_hash } of secrets) {
      expect(content).toBeUndefined();
      expect(source).toMatch(/^\.\.\//);
      expect(source_hash).toMatch(/^[0-9a-f]{16}$/);
    }
  });
});

function expectNoSecrets({ outdir, directory }: Synthesis, stacks: readonly string[], least: number): void {
  const written = filesBelow(outdir).map((file) => [file, readFileSync(file, "latin1")] as const);
  expect(written.length).toBeGreaterThan(50);
  for (const stack of stacks) {
    const values = filesBelow(join(directory, "slipway", "secrets", stack)).map((file) =>
      readFileSync(file, "utf8"),
    );
    expect(values.length).toBeGreaterThanOrEqual(least);
    for (const value of values) {
      expect(value.length).toBeGreaterThanOrEqual(16);
      const forms = [
        value,
        ...["base64", "hex"].map((form) => Buffer.from(value).toString(form as BufferEncoding)),
      ];
      const telling = written.filter(([, text]) => forms.some((form) => text.includes(form)));
      expect(telling.map(([file]) => file)).toEqual([]);
    }
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((path) => join(folder, `${path}`))
    .filter((path) => statSync(path).isFile());
}

// Fails as long as the digest of a release is taken over cdktf's tokens, whose numbers count up through the process.
test("a second synth of the same stack says the same, to the byte", () => {
  const dev = () =>
    synthesize(
      (app) => {
        new Dev(app, targetOf(app, "dev"));
      },
      { directory: shipped.directory },
    );
  expect(dev().terraform("dev")).toEqual(dev().terraform("dev"));
});

test("another stack in the same app makes no release of this one", () => {
  const releases = (alone: boolean) => {
    const { terraform } = synthesize(
      (app) => {
        if (!alone)
          new Memcached(
            new Environment(app, "other", { engine: Docker.local(), purpose: "development" }),
            "cache",
            { memory: "64 MiB" },
          );
        new Dev(app, targetOf(app, "dev"));
      },
      { directory: shipped.directory },
    );
    return containersOf(terraform("dev")).map(([node, container]) => [
      node,
      labelOf(container, "slipway.release"),
    ]);
  };
  expect(releases(false)).toEqual(releases(true));
});

// Fails as long as only files are escaped.
test("settings of an application are not interpolated by Terraform", () => {
  const { terraform } = synthesize((app) => {
    const environment = new Environment(app, "dev", { engine: Docker.local(), purpose: "development" });
    new App(environment, "shop", { source: hello(), environment: { GREETING: "$" + "{path.cwd} %{x}" } });
  });
  expect(terraform("dev").resource.docker_container.shop?.env).toContain("GREETING=$$" + "{path.cwd} %%{x}");
});
