import { expect, test } from "vitest";
import { type Container, parseContainers } from "../../../scripts/stack/containers.ts";
import { parseDeclaration } from "../../../scripts/stack/declaration.ts";
import { complaint } from "../../../scripts/stack/health.ts";
import { stackOf } from "../../../scripts/stack/stack.ts";
import { judge, parseMemory, parsePairs } from "../../../scripts/stack/status.ts";
import { fixture } from "./fixture.ts";

const context = JSON.stringify({ project: "verbs", dev: { ports: { http: 28080, https: 28443 } } });
const stack = stackOf("dev", { CDKTF_CONTEXT_JSON: context });
const containers = parseContainers(fixture("containers.json"));
const declared = parseDeclaration(fixture("cdk.tf.json"));
const none = new Map();

function node(name: string): Container {
  const found = containers.find((container) => container.node === name);
  if (found === undefined) throw new Error(`no ${name} in the fixture`);
  return found;
}

const healthy = (container: Container): Container => ({
  ...container,
  state: "running",
  health: "healthy",
  healthOutput: undefined,
});

test("a database that is healthy may have something to say, which is no problem", () => {
  const note = "the volume of the data is soon full: 80 of 1000 MiB are free";
  const told = containers.map((container) => ({ ...healthy(container), healthNote: note }));
  const { ok, nodes } = judge(stack, declared, told, none, none);
  expect(ok).toBe(true);
  expect(nodes.flatMap(({ node, note }) => (note === null ? [] : [[node, note]]))).toEqual([["db", note]]);
});

test("containers come in the order in which they start", () => {
  expect(containers.map(({ node }) => node)).toEqual(["db", "cache", "guestbook-1", "guestbook-2", "edge"]);
});

test("a container is read from what the engine tells", () => {
  expect(node("edge")).toMatchObject({
    name: "verbs-dev-edge",
    role: "edge",
    state: "running",
    health: "healthy",
    memoryLimit: 256 * 2 ** 20,
    stopGrace: 25,
    certificate: "self-signed",
    ports: [
      { address: "127.0.0.1", host: 28080, container: 8080 },
      { address: "127.0.0.1", host: 28443, container: 8443 },
    ],
  });
  expect(node("db")).toMatchObject({ stopGrace: 120, certificate: undefined, ports: [] });
});

test("what is declared is read from cdk.tf.json", () => {
  expect(declared.map(({ node }) => node).sort()).toEqual([
    "cache",
    "db",
    "edge",
    "guestbook-1",
    "guestbook-2",
  ]);
  expect(declared.find(({ node }) => node === "guestbook-2")).toMatchObject({
    workload: "guestbook",
    role: "app",
    image: expect.stringMatching(/^verbs\/guestbook:[0-9a-f]{16}$/),
  });
});

test("a stack of which a node is killed and another is unhealthy is not well", () => {
  const status = judge(stack, declared, containers, none, none);
  expect(status.ok).toBe(false);
  const problems = status.nodes.flatMap(({ node, problem }) => (problem === null ? [] : [[node, problem]]));
  expect(problems).toEqual([
    ["guestbook-1", "its health check fails and says: exit code 1, without a word"],
    ["guestbook-2", "does not run: ended by SIGKILL"],
  ]);
});

test("a stack of healthy containers is well, and tells its addresses, TLS first", () => {
  const status = judge(stack, declared, containers.map(healthy), none, none);
  expect(status.ok).toBe(true);
  expect(status.addresses.map(({ url }) => url)).toEqual([
    "https://localhost:28443/",
    // An alias of cdktf.json, which the context above does not name.
    "https://127.0.0.1:28443/",
    "http://localhost:28080/",
  ]);
  expect(status.addresses[0]?.note).toContain("self-signed");
});

test("a declared node without a container is missing", () => {
  const status = judge(
    stack,
    declared,
    containers.map(healthy).filter(({ node }) => node !== "cache"),
    none,
    none,
  );
  expect(status.ok).toBe(false);
  expect(status.nodes.at(-1)).toMatchObject({ node: "cache", state: "missing", container: null });
});

test("a container that is not declared any more is told", () => {
  const fewer = declared.filter(({ node }) => node !== "guestbook-2");
  const status = judge(stack, fewer, containers.map(healthy), none, none);
  expect(status.nodes.find(({ node }) => node === "guestbook-2")?.problem).toContain("not declared");
});

test("without a declaration what runs is all there is; nothing at all is not well", () => {
  expect(judge(stack, undefined, containers.map(healthy), none, none).ok).toBe(true);
  expect(judge(stack, undefined, [], none, none).ok).toBe(false);
});

test.each<[Partial<Container>, string | undefined]>([
  [{ state: "running", health: "healthy" }, undefined],
  [{ state: "running", health: "none" }, undefined],
  [{ state: "running", health: "starting" }, "is starting"],
  [{ state: "running", health: "starting", restarts: 3 }, "is starting, after 3 restarts"],
  [
    { state: "restarting", restarts: 7, exitCode: 1 },
    "ends again and again (7 restarts): ended with exit code 1",
  ],
  [
    { state: "exited", exitCode: 137, outOfMemory: true },
    "does not run: the kernel ended it, as it needed more memory than its limit",
  ],
  [{ state: "exited", exitCode: 0 }, "does not run: stopped"],
  [{ state: "created" }, "was created and never started"],
])("%j: %s", (changes, said) => {
  expect(complaint({ ...healthy(node("db")), ...changes })).toBe(said);
});

test("memory in use is read to bytes; without the kernel's controller it is unknown", () => {
  const text = "a\t13.5MiB / 512MiB\nb\t1.25GiB / 2GiB\nc\t0B / 0B\nd\t-- / --\n";
  expect([...parseMemory(text)].sort()).toEqual([
    ["a", 14155776],
    ["b", 1342177280],
  ]);
});

test("of several names of an image the first counts", () => {
  expect(parsePairs("a\tone\na\ttwo\n\nb\tthree\n")).toEqual(
    new Map([
      ["a", "one"],
      ["b", "three"],
    ]),
  );
});
