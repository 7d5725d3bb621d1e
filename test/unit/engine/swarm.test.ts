import { execFileSync } from "node:child_process";
import type { App as Cdktf } from "cdktf";
import { describe, expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Apache } from "../../../modules/edge/apache/apache.ts";
import { Edge } from "../../../modules/edge/edge.ts";
import { Route } from "../../../modules/edge/route.ts";
import { Swarm, type SwarmProps } from "../../../modules/engine/swarm.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { targetOf } from "../../../modules/environment/target.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import type { Purpose } from "../../../modules/rules/description.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { hello } from "../../support/hello.ts";
import { synthesize } from "../../support/synthesis.ts";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5";
const host = (name: string, number: number, roles: readonly string[]) => ({
  name,
  address: `ssh://deploy@203.0.113.${number}`,
  hostKeys: [key],
  roles,
});
const hosts = [
  host("front", 10, ["edge"]),
  host("data", 11, ["manager", "db"]),
  host("web-1", 12, ["web"]),
  host("web-2", 13, ["web"]),
];

/** Rules that this stack breaks as one of production. */
const PRODUCTION = ["data-backed-up", "storage-redundant", "certificate-trusted"] as const;

function written(nodes: number, props: SwarmProps = {}, purpose: Purpose = "development") {
  const { terraform } = synthesize(
    (app: Cdktf) => {
      const target = targetOf(app, "site");
      const stack = new Environment(app, "site", {
        engine: Swarm.of(target.hosts, props),
        purpose,
        waivers: [
          ...(purpose === "development" ? (["development-on-loopback"] as const) : PRODUCTION).map(
            (rule) => ({
              rule,
              reason: "nothing of this test ever runs",
            }),
          ),
          ...(props.publish === "ingress"
            ? [{ rule: "clients-known-to-the-edge", reason: "nobody of this test ever asks" } as const]
            : []),
        ],
      });
      const db = new Postgres(stack, "db", { memory: "512 MiB" });
      const shop = new App(stack, "shop", { source: hello(), nodes });
      shop.uses(db);
      new Edge(stack, "edge", {
        server: Apache.modProxy(),
        target,
        tls: Tls.selfSigned(),
        routes: [Route.to(shop)],
      });
    },
    { site: { hosts, address: "0.0.0.0" } },
  );
  return JSON.parse(JSON.stringify(terraform("site")));
}

const stack = written(2);
const services = stack.resource.docker_service;

describe("a stack on a Swarm", () => {
  test("has a service of one task for each instance, under the names that it has on one host", () => {
    expect(Object.keys(services).sort()).toEqual(["db", "edge", "shop-1", "shop-2", "shop-static"]);
    expect(services["shop-1"].mode).toEqual({ replicated: { replicas: 1 } });
    const aliases = services["shop-1"].task_spec.networks_advanced.map(
      (network: { aliases: readonly string[] }) => network.aliases,
    );
    expect(aliases).toEqual([
      ["shop", "shop-1"],
      ["shop", "shop-1"],
    ]);
  });

  test("releases by Swarm itself: the way that the workload wants, by its health, and back when it fails", () => {
    expect(services["shop-1"].update_config).toMatchObject({
      order: "start-first",
      failure_action: "rollback",
    });
    expect(services.edge.update_config).toMatchObject({ order: "stop-first", failure_action: "rollback" });
    for (const { converge_config, task_spec } of Object.values<Record<string, Record<string, unknown>>>(
      services,
    )) {
      expect(converge_config).toHaveProperty("timeout");
      expect(task_spec?.container_spec).toMatchObject({ init: true, cap_drop: ["ALL"] });
      expect(task_spec?.container_spec).toHaveProperty("healthcheck.test");
      expect(task_spec?.resources).toHaveProperty("limits.memory_bytes");
    }
  });

  test("places by the roles of hosts, and what has files where they are", () => {
    const placed = (node: string) => services[node].task_spec.placement.constraints;
    expect(placed("shop-1")).toEqual(["node.labels.slipway.host.slipway.site.web == true"]);
    expect(placed("db")).toEqual(["node.labels.slipway.host.slipway.site == data"]);
    expect(placed("edge")).toEqual(["node.labels.slipway.host.slipway.site == front"]);
  });

  test("lays static files out where the edge is", () => {
    const { container_spec: container, placement } = services["shop-static"].task_spec;
    expect(placement.constraints).toEqual(["node.labels.slipway.host.slipway.site == front"]);
    expect(container.command).toEqual(["/srv/venv/bin/python", "-m", "slipway_node.publish"]);
    expect(container.mounts).toEqual(services["shop-1"].task_spec.container_spec.mounts);
    const handed = stack.resource.terraform_data["shop-image"].provisioner[0]["local-exec"].command;
    expect(handed).toContain("203.0.113.10");
  });

  test("keeps what is kept as on one host, on the host that has it", () => {
    const volumes = stack.resource.docker_volume;
    expect(volumes["db-data"]).toMatchObject({ name: "slipway-site-db-data" });
    expect(volumes["db-data"].provider).toBeUndefined();
    expect(volumes["edge-tls"].provider).toBe("docker.front");
    expect(services.db.task_spec.container_spec.mounts[0]).toMatchObject({
      source: `\${docker_volume.db-data.name}`,
      target: "/var/lib/postgresql",
    });
  });

  test("is told to a manager, and built here", () => {
    const [manager, builder, front] = stack.provider.docker;
    expect(manager.host).toBe("ssh://deploy@203.0.113.11");
    expect(builder).toEqual({ alias: "builder" });
    expect(front.alias).toBe("front");
    expect(stack.resource.docker_image["postgres-17"].provider).toBe("docker.builder");
    expect(services.db).not.toHaveProperty("provider");
  });

  test("hands each image to those hosts only that may run it", () => {
    const command = (name: string) =>
      stack.resource.terraform_data[name].provisioner[0]["local-exec"].command as string;
    expect(command("postgres-17-image")).toContain("203.0.113.11");
    expect(command("postgres-17-image")).not.toContain("203.0.113.12");
    for (const web of ["203.0.113.12", "203.0.113.13"]) expect(command("shop-image")).toContain(web);
    for (const name of ["postgres-17-image", "shop-image", "swarm-nodes"]) {
      expect(() => execFileSync("sh", ["-n", "-c", command(name)])).not.toThrow();
    }
  });

  test("says of a service whether a deploy changes it, as a review asks", () => {
    type Labelled = { labels: { label: string; value: string }[] };
    const releases = (of: Record<string, Labelled>) =>
      Object.fromEntries(
        Object.entries(of).map(([node, { labels }]) => [
          node,
          labels.find(({ label }) => label === "slipway.release")?.value,
        ]),
      );
    const before = releases(services);
    expect(before["shop-1"]).toMatch(/^[0-9a-f]{12}$/);
    expect(services["shop-1"].task_spec.container_spec.labels).toHaveLength(5);
    // Each of these stacks has secrets of its own, which the edge and the static files have nothing of.
    const { edge, "shop-static": files } = releases(written(2).resource.docker_service);
    expect([edge, files]).toEqual([before.edge, before["shop-static"]]);
    // Another node is another line in the edge's configuration, and another limit of connections.
    const more = releases(written(3).resource.docker_service);
    expect(more["shop-static"]).toBe(files);
    expect(more.edge).not.toBe(edge);
    expect(more.db).not.toBe(before.db);
  });

  test("refuses to start with nothing where another host has the files", () => {
    const kept = written(2, {}, "production").resource.terraform_data["db-data-volume"];
    expect(kept.triggers_replace.host).toBe("data");
    const { command } = kept.provisioner[0]["local-exec"];
    for (const other of [10, 12, 13]) expect(command).toContain(`203.0.113.${other}`);
    expect(() => execFileSync("sh", ["-n", "-c", command])).not.toThrow();
  });

  test("takes off what it said of nodes that it has given up", () => {
    const { command } = stack.resource.terraform_data["swarm-nodes"].provisioner[0]["local-exec"];
    expect(command).toContain("--label-rm slipway.host.slipway.site.web");
  });

  test("spreads the nodes of a workload after each release of one of them", () => {
    const { "shop-spread": spread, ...others } = stack.resource.terraform_data;
    expect(spread.lifecycle.replace_triggered_by).toEqual(["docker_service.shop-1", "docker_service.shop-2"]);
    expect(spread.depends_on).toEqual(["docker_service.shop-1", "docker_service.shop-2"]);
    const { command } = spread.provisioner[0]["local-exec"];
    expect(command).toContain("node.label=slipway.host.slipway.site.web=true");
    expect(() => execFileSync("sh", ["-n", "-c", command])).not.toThrow();
    // What is pinned to a host, or alone, has nowhere to go.
    expect(Object.keys(others).filter((name) => name.endsWith("-spread"))).toEqual([]);
  });

  test("has no secret in its text, and delivers them to the workload's user alone", () => {
    for (const { data } of Object.values<{ data: string }>(stack.resource.docker_secret)) {
      expect(data).toMatch(/^\$\{filebase64\("[^"]*secrets\/site\/[^"]*"\)\}$/);
    }
    const [secret] = services["shop-1"].task_spec.container_spec.secrets;
    expect(secret).toMatchObject({ file_mode: 0o400, file_uid: "8000" });
  });

  test("publishes at the host of the edge, and looks names up to tasks", () => {
    expect(services.edge.endpoint_spec.mode).toBe("dnsrr");
    for (const port of services.edge.endpoint_spec.ports) expect(port.publish_mode).toBe("host");
  });
});

test("another content of a file is another object of the Swarm, and the former goes when nothing uses it", () => {
  const other = written(3).resource;
  const configurations = (all: object) =>
    Object.keys(all).filter((name) => name.startsWith("edge-httpd-conf"));
  const [before, after] = [stack.resource, other].map(({ docker_config }) => configurations(docker_config));
  expect(before).toHaveLength(1);
  expect(after).toHaveLength(1);
  expect(after).not.toEqual(before);
  for (const { lifecycle } of Object.values<{ lifecycle: object }>(other.docker_config)) {
    expect(lifecycle).toEqual({ create_before_destroy: true });
  }
});

test("what production keeps is made on its host by Docker's client, and Terraform never destroys it", () => {
  const { resource, removed } = written(2, {}, "production");
  const [made] = resource.terraform_data["db-data-volume"].provisioner;
  expect(made["local-exec"].command).toMatch(
    /203\.0\.113\.11' docker volume create .*'slipway-site-db-data'/,
  );
  expect(resource.docker_volume).not.toHaveProperty("db-data");
  expect(removed).toContainEqual({ from: "docker_volume.db-data", lifecycle: { destroy: false } });
  expect(resource.docker_service.db.depends_on).toContain("terraform_data.db-data-volume");
});

test("virtual addresses and the mesh are one choice away where kernels have IPVS", () => {
  const { edge, db } = written(2, { endpoints: "vip", publish: "ingress", encrypted: true }).resource
    .docker_service;
  expect(edge.endpoint_spec.mode).toBe("vip");
  expect(edge.endpoint_spec.ports[0].publish_mode).toBe("ingress");
  expect(db.endpoint_spec).toEqual({ mode: "vip" });
});
