import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { differences } from "../../../scripts/drift/differences.ts";
import { type Expected, expectedIn } from "../../../scripts/drift/expected.ts";
import { type Found, parseFound } from "../../../scripts/drift/found.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const labels = { "slipway.node": "shop", "slipway.release": "abc", "slipway.generation": "1" };
const folder = temporaryFolder();
mkdirSync(join(folder, "secrets"));
writeFileSync(join(folder, "secrets/key"), "secret");

const text = JSON.stringify({
  resource: {
    docker_image: { shop: { name: "p/shop:1" } },
    docker_volume: { data: { name: "p-prod-data" } },
    docker_network: { shop: { name: "p-prod-shop" } },
    docker_container: {
      shop: {
        image: "${docker_image.shop.image_id}",
        user: "8000",
        env: ["A=$${b}"],
        labels: Object.entries(labels).map(([label, value]) => ({ label, value })),
        volumes: [{ volume_name: "${docker_volume.data.name}", container_path: "/data", read_only: true }],
        networks_advanced: [{ name: "${docker_network.shop.name}" }],
        ports: [{ ip: "127.0.0.1", external: 80, internal: 8080 }],
        capabilities: { drop: ["ALL"] },
        memory: 64,
        cpus: "0.5",
        restart: "unless-stopped",
        upload: [
          { file: "/etc/conf", content: "%%{x}" },
          { file: "/run/secrets/key", source: "secrets/key" },
        ],
      },
    },
  },
});
const [expected] = expectedIn(text, folder) as [Expected];

const inspected = {
  Image: "sha256:1",
  Config: { User: "8000", Cmd: ["serve"], Env: ["A=${b}", "PATH=/bin"], Labels: labels },
  HostConfig: {
    Memory: 64 * 2 ** 20,
    NanoCpus: 5e8,
    CapAdd: null,
    RestartPolicy: { Name: "unless-stopped" },
    PortBindings: { "8080/tcp": [{ HostIp: "127.0.0.1", HostPort: "80" }] },
  },
  Mounts: [{ Type: "volume", Name: "p-prod-data", Source: "/x", Destination: "/data", RW: false }],
  NetworkSettings: { Networks: { "p-prod-shop": {} } },
};
const found = (changes: object = {}): Found => parseFound(JSON.stringify([{ ...inspected, ...changes }]));
const digests = { "/etc/conf": sha256("%{x}"), "/run/secrets/key": sha256("secret") };
const fieldsOf = (other: Found, image = "sha256:1", files: Record<string, string> = digests) =>
  differences(expected, other, image, files, ["PATH=/bin"]).map(({ field }) => field);

test("what is as it was declared differs in nothing, whatever its image adds", () => {
  expect(fieldsOf(found())).toEqual([]);
});

test.each([
  ["env", { Config: { ...inspected.Config, Env: ["A=other", "PATH=/bin"] } }],
  ["env", { Config: { ...inspected.Config, Env: ["A=${b}", "PATH=/bin", "B=more"] } }],
  ["user", { Config: { ...inspected.Config, User: "0" } }],
  ["labels", { Config: { ...inspected.Config, Labels: { ...labels, "slipway.release": "other" } } }],
  ["mounts", { Mounts: [{ ...inspected.Mounts[0], RW: true }] }],
  ["mounts", { Mounts: [] }],
  ["networks", { NetworkSettings: { Networks: { "p-prod-shop": {}, bridge: {} } } }],
  ["networks", { NetworkSettings: { Networks: {} } }],
  ["ports", { HostConfig: { ...inspected.HostConfig, PortBindings: null } }],
  ["capabilities", { HostConfig: { ...inspected.HostConfig, CapAdd: ["CAP_NET_RAW"] } }],
  ["memory", { HostConfig: { ...inspected.HostConfig, Memory: 0 } }],
  ["cpus", { HostConfig: { ...inspected.HostConfig, NanoCpus: 0 } }],
  ["restart", { HostConfig: { ...inspected.HostConfig, RestartPolicy: { Name: "no" } } }],
  ["image", { Image: "sha256:2" }],
])("%s is compared", (field, changes) => {
  expect(fieldsOf(found(changes))).toEqual([field]);
});

test("files and secrets are compared by digest, and no secret is told", () => {
  const told = differences(expected, found(), "sha256:1", { "/etc/conf": sha256("edited") }, ["PATH=/bin"]);
  expect(told.map(({ field }) => field)).toEqual(["file /etc/conf", "file /run/secrets/key"]);
  expect(JSON.stringify(told)).not.toContain('"secret"');
});

test("a name that stands for another image is told, although the container is the same", () => {
  expect(fieldsOf(found(), "sha256:3")).toEqual(["image"]);
});
