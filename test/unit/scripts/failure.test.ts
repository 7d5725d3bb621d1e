import { expect, test } from "vitest";
import { causeOf } from "../../../scripts/stack/failure.ts";
import { lockProblem, parseLock } from "../../../scripts/stack/lock.ts";
import { type Diagnostic, parseEvent } from "../../../scripts/stack/terraform-events.ts";
import { fixtureLines } from "./fixture.ts";

function errorsOf(file: string): readonly Diagnostic[] {
  return fixtureLines(file).flatMap((line) => {
    const event = parseEvent(line);
    return event?.kind === "diagnostic" ? [event.diagnostic] : [];
  });
}

const error = (summary: string, address?: string): Diagnostic => ({
  severity: "error",
  summary,
  detail: "",
  ...(address !== undefined && { address }),
});

test.each([
  [
    "unhealthy.jsonl",
    [
      { kind: "unhealthy", node: "guestbook-1" },
      { kind: "unhealthy", node: "guestbook-2" },
    ],
  ],
  ["port-taken.jsonl", [{ kind: "port", address: "127.0.0.1:28080" }]],
  [
    "name-taken.jsonl",
    [
      { kind: "unhealthy", node: "edge" },
      { kind: "name", what: "container", name: "verbs-dev-cache" },
    ],
  ],
  ["refused.jsonl", [{ kind: "refused", node: "edge" }]],
  ["network-taken.jsonl", [{ kind: "name", what: "network", name: "verbs-dev-cache" }]],
])("the causes in %s are told", (file, causes) => {
  expect(errorsOf(file).map(causeOf)).toEqual(causes);
});

test("a file server of the stack that is not healthy is told as what it is", () => {
  expect(causeOf(error("local-exec provisioner error", "terraform_data.files-serves"))).toEqual({
    kind: "unhealthy",
    node: "files",
  });
});

test("a file server that is full is told apart from a disk that is", () => {
  const full = {
    ...error("local-exec provisioner error", "terraform_data.shop-folders"),
    detail:
      "Output: nfs 10.0.0.20:/tank cannot be used on the host web: it is full (No space left on device).",
  };
  expect(causeOf(full)).toEqual({ kind: "folders", workload: "shop" });
  expect(causeOf({ ...full, address: "docker_container.shop-1" })).toEqual({ kind: "disk" });
});

test("PostgreSQL does not tell who holds a lock, and Terraform's own name is not taken for it", () => {
  const detail = `Error message: Workspace is already locked: default
Lock Info:
  ID:        5b97560c-4018-af79-4dae-145aaf0fa424
  Operation: untaint
  Who:       root@vm
  Created:   2026-11-26 23:48:18.191867879 +0000 UTC`;
  expect(parseLock(detail)).toEqual({
    ...{ who: "another session of the database that the state is in", operation: "", since: undefined },
  });
});

test("who holds the lock is told", () => {
  const [cause] = errorsOf("locked.jsonl").map(causeOf);
  if (cause?.kind !== "lock") throw new Error(`told as ${cause?.kind}`);
  expect(cause.lock).toEqual({
    id: "02ea16bf-540b-133a-0c0b-d7d7e1cf85ab",
    who: "root@vm",
    operation: "OperationTypeApply",
    since: new Date("2026-11-23T02:20:02.003Z"),
  });
  expect(lockProblem({ name: "dev", folder: "cdktf.out/stacks/dev" }, cause.lock).value).toBe(
    "root@vm: apply since 2026-11-23 02:20:02 UTC",
  );
});

test.each([
  [error("write /var/lib/docker/tmp/x: no space left on device", "docker_image.app"), "disk"],
  [error("Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?"), "engine"],
  [error("dial tcp: lookup deb.debian.org: no such host", "docker_image.app"), "registry"],
  [error("failed to solve: process did not complete: exit code: 1", "docker_image.app"), "build"],
  [error("Resource precondition failed", "docker_container.db"), "kept"],
  [error('Required plugins are not installed: run "terraform init"'), "init"],
  [error("Bind for 0.0.0.0:8080 failed: port is already allocated", "docker_container.edge"), "port"],
  [error("something new"), "other"],
])("%j", (diagnostic, kind) => {
  expect(causeOf(diagnostic).kind).toBe(kind);
});
