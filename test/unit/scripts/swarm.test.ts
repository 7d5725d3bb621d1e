import { expect, test } from "vitest";
import { isFormer, parseContainers } from "../../../scripts/stack/containers.ts";
import { parseDeclaration } from "../../../scripts/stack/declaration.ts";
import { causeOf } from "../../../scripts/stack/failure.ts";
import { complaintOfNode, type SwarmNode } from "../../../scripts/stack/swarm.ts";
import { did, doing, titleOf } from "../../../scripts/stack/terraform-events.ts";

const label = (name: string, value: string) => ({ label: `slipway.${name}`, value });
const service = {
  labels: [label("node", "edge"), label("workload", "edge"), label("role", "edge")],
  task_spec: { container_spec: { image: "${docker_image.apache.image_id}" } },
  update_config: { order: "stop-first" },
  endpoint_spec: { mode: "dnsrr", ports: [{ published_port: 443, target_port: 8443 }] },
};
const written = (changes: object = {}) =>
  JSON.stringify({
    resource: {
      docker_image: { apache: { name: "slipway/apache:1" } },
      docker_service: { edge: { ...service, ...changes } },
    },
  });

test("a service is declared as the container that it makes, at every address of a host", () => {
  expect(parseDeclaration(written())).toMatchObject([
    {
      node: "edge",
      role: "edge",
      image: "slipway/apache:1",
      ports: [{ address: "0.0.0.0", host: 443, container: 8443 }],
    },
  ]);
});

test("a task that has ended is history, and a container that has ended is not", () => {
  const inspected = (labels: object, Status: string) =>
    JSON.stringify([
      {
        ...{ Id: "1", Name: "/x", Created: "2026-01-01T00:00:00Z", RestartCount: 0, Image: "sha256:1" },
        Config: { Labels: { "slipway.role": "app", ...labels } },
        HostConfig: { Memory: 0 },
        State: { Status, ExitCode: 0, OOMKilled: false, StartedAt: "2026-01-01T00:00:00Z" },
      },
    ]);
  const task = { "com.docker.swarm.service.id": "abc" };
  expect(parseContainers(inspected(task, "exited")).map(isFormer)).toEqual([true]);
  expect(parseContainers(inspected(task, "running")).map(isFormer)).toEqual([false]);
  expect(parseContainers(inspected({}, "exited")).map(isFormer)).toEqual([false]);
});

test("a release that Swarm took back is one that did not get healthy", () => {
  const diagnostic = { severity: "error", detail: "", address: "docker_service.shop-1" } as const;
  const summary =
    "service rollback completed: update rolled back due to failure or early termination of task x";
  expect(causeOf({ ...diagnostic, summary })).toEqual({ kind: "unhealthy", node: "shop-1" });
  const never = "Service with ID (x) did not converge after 1m50s";
  expect(causeOf({ ...diagnostic, summary: never })).toEqual({ kind: "unhealthy", node: "shop-1" });
});

test("hosts that are not as they should be are told apart from an edge that refuses", () => {
  const failed = { severity: "error", summary: "local-exec provisioner error", detail: "" } as const;
  expect(causeOf({ ...failed, address: "terraform_data.swarm-nodes" })).toEqual({ kind: "hosts" });
  expect(causeOf({ ...failed, address: "terraform_data.edge-files" })).toEqual({
    kind: "refused",
    node: "edge",
  });
});

test("what becomes of services and hosts, in words", () => {
  const resource = { address: "docker_service.shop-1", type: "docker_service", name: "shop-1" };
  expect(titleOf(resource)).toBe("service shop-1");
  expect(doing(resource, "update")).toBe("waiting until its task is healthy");
  expect(did(resource, ["update"])).toBe("updated, healthy");
  const handed = { address: "terraform_data.shop-image", type: "terraform_data", name: "shop-image" };
  expect(titleOf(handed)).toBe("shop image");
});

test.each<[Partial<SwarmNode>, string | undefined]>([
  [{}, undefined],
  [{ manager: "Leader" }, undefined],
  [{ state: "Down" }, "web-1 is down"],
  [{ manager: "Unreachable" }, "does not answer the other managers"],
  [{ availability: "Drain" }, "takes no tasks"],
])("a machine of the Swarm: %o", (changes, complaint) => {
  const node = { name: "web-1", state: "Ready", availability: "Active", manager: null, ...changes };
  if (complaint === undefined) expect(complaintOfNode(node)).toBeUndefined();
  else expect(complaintOfNode(node)).toContain(complaint);
});
