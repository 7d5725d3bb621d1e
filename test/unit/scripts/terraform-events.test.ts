import { expect, test } from "vitest";
import { Changes } from "../../../scripts/stack/changes.ts";
import { parseEvent, titleOf } from "../../../scripts/stack/terraform-events.ts";
import { fixtureLines } from "./fixture.ts";

function replay(file: string): Changes {
  const changes = new Changes();
  for (const line of fixtureLines(file)) {
    const event = parseEvent(line);
    if (event !== undefined) changes.take(event);
  }
  return changes;
}

function words(changes: Changes): readonly string[] {
  return changes.all().map(({ resource, text }) => `${titleOf(resource)}: ${text}`);
}

test("a first deployment tells of each resource once", () => {
  const changes = replay("first-apply.jsonl");
  expect(changes.planned).toBe(true);
  expect(changes.all()).toHaveLength(20);
  expect(words(changes)).toContain("image guestbook: built");
  expect(words(changes)).toContain("container db: healthy");
  expect(words(changes)).toContain("network edge: made");
  expect(words(changes)).toContain("volume db-data: made");
});

test("a configuration that is handed over is called after who gets it", () => {
  expect(words(replay("refused.jsonl"))).toEqual(["configuration of edge: failed"]);
});

test("nothing is done before its last operation is", () => {
  const changes = new Changes();
  const states: string[] = [];
  for (const line of fixtureLines("heal.jsonl")) {
    const event = parseEvent(line);
    const change = event && changes.take(event);
    if (change) states.push(`${change.state} ${change.text}`.trim());
  }
  expect(states).toEqual([
    "waiting",
    "busy waiting until it is healthy",
    "busy waiting until it is healthy",
    "busy stopping the former one",
    "done replaced, healthy",
  ]);
});

test("what failed stays failed, and why is kept", () => {
  const changes = replay("unhealthy.jsonl");
  const failed = changes.all().filter(({ state }) => state === "failed");
  expect(failed.map(({ resource }) => resource.name).sort()).toEqual(["guestbook-1", "guestbook-2"]);
  expect(changes.diagnostics.map(({ address, summary }) => [address, summary])).toEqual([
    ["docker_container.guestbook-1", "container failed to be in healthy state"],
    ["docker_container.guestbook-2", "container failed to be in healthy state"],
  ]);
});

test("what was never reached is neither done nor failed", () => {
  const changes = replay("network-taken.jsonl");
  const state = (name: string) =>
    changes.all().find(({ resource }) => resource.address === `docker_container.${name}`)?.state;
  expect(state("cache")).toBe("waiting");
});

test.each([
  ["", "an empty line"],
  ["╷", "a warning in colours"],
  ['{"type":"version","terraform":"1.11.4"}', "the version"],
  ['{"type":"outputs","outputs":{}}', "outputs"],
  ['{"type":"apply_start","hook":{"resource":{"addr":"data.a.b"},"action":"read"}}', "a data source"],
  ['{"type":"change_summary","changes":{"operation":"apply"}}', "the closing summary"],
])("%j is nothing to show: %s", (line) => {
  expect(parseEvent(line)).toBeUndefined();
});
