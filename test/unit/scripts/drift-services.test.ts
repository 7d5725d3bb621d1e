import { expect, test } from "vitest";
import { differences } from "../../../scripts/drift/differences.ts";
import { type ExpectedService, expectedServices, parseServices } from "../../../scripts/drift/services.ts";

const label = "slipway.node";
const text = JSON.stringify({
  resource: {
    docker_image: { shop: { name: "p/shop:1" } },
    docker_volume: { data: { name: "p-prod-data" } },
    docker_network: { shop: { name: "p-prod-shop" } },
    docker_config: { "shop-conf-1": { name: "p-prod-shop-conf-1" } },
    docker_secret: { "shop-key-1": { name: "p-prod-shop-key-1" } },
    docker_service: {
      shop: {
        name: "p-prod-shop",
        labels: [{ label, value: "shop" }],
        mode: { replicated: { replicas: 1 } },
        endpoint_spec: { ports: [{ published_port: 80, target_port: 8080, publish_mode: "host" }] },
        task_spec: {
          container_spec: {
            image: "${docker_image.shop.image_id}",
            user: "8000",
            args: ["serve"],
            env: { A: "$${b}" },
            mounts: [
              { type: "volume", source: "${docker_volume.data.name}", target: "/data", read_only: true },
              { type: "tmpfs", target: "/dev/shm" },
            ],
            configs: [{ file_name: "/etc/conf", config_name: "${docker_config.shop-conf-1.name}" }],
            secrets: [{ file_name: "/run/secrets/key", secret_name: "${docker_secret.shop-key-1.name}" }],
          },
          networks_advanced: [{ id: "${docker_network.shop.id}" }],
          placement: { constraints: ["node.labels.web == true"] },
          resources: { limits: { memory_bytes: 1024, nano_cpus: 5e8 } },
        },
      },
    },
  },
});
const [expected] = expectedServices(text) as [ExpectedService];

const container = {
  Image: "sha256:1",
  User: "8000",
  Args: ["serve"],
  Env: ["A=${b}"],
  Mounts: [
    { Type: "volume", Source: "p-prod-data", Target: "/data", ReadOnly: true },
    { Type: "tmpfs", Target: "/dev/shm" },
  ],
  Configs: [{ ConfigName: "p-prod-shop-conf-1", File: { Name: "/etc/conf" } }],
  Secrets: [{ SecretName: "p-prod-shop-key-1", File: { Name: "/run/secrets/key" } }],
};
const task = {
  ContainerSpec: container,
  Networks: [{ Target: "n1" }],
  Placement: { Constraints: ["node.labels.web == true"] },
  Resources: { Limits: { MemoryBytes: 1024, NanoCPUs: 5e8 } },
};
const spec = {
  Name: "p-prod-shop",
  Labels: { [label]: "shop" },
  Mode: { Replicated: { Replicas: 1 } },
  EndpointSpec: { Ports: [{ PublishedPort: 80, TargetPort: 8080, PublishMode: "host" }] },
  TaskTemplate: task,
};

function fieldsOf(changes: object = {}): string[] {
  const json = JSON.stringify([{ Spec: { ...spec, ...changes } }]);
  const found = parseServices(json, new Map([["n1", "p-prod-shop"]])).get("p-prod-shop");
  if (found === undefined) throw new Error("no service of that name");
  return differences(expected, found, "sha256:1", undefined).map(({ field }) => field);
}
const inContainer = (changes: object) => ({
  TaskTemplate: { ...task, ContainerSpec: { ...container, ...changes } },
});
const inTask = (changes: object) => ({ TaskTemplate: { ...task, ...changes } });

test("a service that is as it was declared differs in nothing", () => {
  expect(expected).toMatchObject({ node: "shop", name: "p-prod-shop", image: "p/shop:1" });
  expect(fieldsOf()).toEqual([]);
});

test.each([
  ["image", inContainer({ Image: "sha256:2" })],
  ["user", inContainer({ User: "0" })],
  ["command", inContainer({ Args: ["serve", "--debug"] })],
  ["env", inContainer({ Env: ["A=${b}", "B=more"] })],
  ["env", inContainer({ Env: null })],
  ["mounts", inContainer({ Mounts: [{ ...container.Mounts[0], ReadOnly: false }, container.Mounts[1]] })],
  ["files", inContainer({ Configs: [{ ConfigName: "p-prod-shop-conf-2", File: { Name: "/etc/conf" } }] })],
  ["secrets", inContainer({ Secrets: [] })],
  ["capabilities", inContainer({ CapabilityAdd: ["CAP_NET_RAW"] })],
  ["networks", inTask({ Networks: [{ Target: "n1" }, { Target: "n2" }] })],
  ["placement", inTask({ Placement: {} })],
  ["memory", inTask({ Resources: { Limits: { NanoCPUs: 5e8 } } })],
  ["cpus", inTask({ Resources: { Limits: { MemoryBytes: 1024 } } })],
  ["labels", { Labels: { [label]: "other" } }],
  ["ports", { EndpointSpec: { Mode: "dnsrr" } }],
  ["replicas", { Mode: { Replicated: { Replicas: 0 } } }],
])("%s is compared", (field, changes) => {
  expect(fieldsOf(changes)).toEqual([field]);
});
