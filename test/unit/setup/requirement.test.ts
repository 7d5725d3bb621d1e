import { expect, test, vi } from "vitest";
import { seekConsent } from "../../../scripts/setup/consent.ts";
import { judgeSpace } from "../../../scripts/setup/disk-space.ts";
import { judgeNode } from "../../../scripts/setup/node.ts";
import { judgePort, listeningInodes } from "../../../scripts/setup/port.ts";
import { Problem, Problems } from "../../../scripts/setup/problem.ts";
import { ensure, type Finding, type Requirement } from "../../../scripts/setup/requirement.ts";
import { atLeast, parseVersion } from "../../../scripts/setup/version.ts";

const present: Finding = { ok: true, found: "1.0" };
const absent: Finding = {
  ok: false,
  found: "nothing",
  wanted: "1.0",
  remedy: "get it",
  changes: ["install it"],
};
const never = new AbortController().signal;
const atOnce = <T>(work: () => Promise<T>) => work();
const needs = (findings: Finding[], install?: Requirement["install"]): Requirement => ({
  name: "thing",
  check: async () => findings.shift() ?? absent,
  ...(install === undefined ? {} : { install }),
});

test("versions are read out of what programs print", () => {
  expect(parseVersion("go version go1.26.8 linux/amd64")).toEqual([1, 26, 8]);
  expect(parseVersion("20.10.24+dfsg1")).toEqual([20, 10, 24]);
  expect(parseVersion("v1.5")).toEqual([1, 5, 0]);
  expect(parseVersion("none")).toBeUndefined();
  expect(atLeast([20, 9, 0], [20, 19, 0])).toBe(false);
  expect(atLeast([20, 19, 0], [20, 19, 0])).toBe(true);
  expect(atLeast([22, 0, 0], [20, 19, 0])).toBe(true);
});

test("Node.js is judged by the range of package.json", () => {
  expect(judgeNode("v20.19.0", "/usr/bin/node", ">=20.19.0").ok).toBe(true);
  expect(judgeNode("v18.20.4", "/usr/bin/node", ">=20.19.0")).toMatchObject({
    ok: false,
    wanted: "Node.js >=20.19.0",
  });
});

test("what is there is not installed", async () => {
  const install = vi.fn();
  await ensure(needs([present], install), atOnce, () => {}, never);
  expect(install).not.toHaveBeenCalled();
});

test("what another set-up provided in the meantime is not installed", async () => {
  const install = vi.fn();
  await ensure(needs([absent, present], install), atOnce, () => {}, never);
  expect(install).not.toHaveBeenCalled();
});

test("what is still missing after its installation is a problem", async () => {
  const install = vi.fn(async () => {});
  await expect(
    ensure(needs([absent, absent, absent], install), atOnce, () => {}, never),
  ).rejects.toBeInstanceOf(Problem);
  expect(install).toHaveBeenCalledOnce();
});

test("what can't be installed is a problem with value, allowed and fix", async () => {
  await expect(ensure(needs([absent]), atOnce, () => {}, never)).rejects.toThrow(
    "thing: not ready.\n  got:     nothing\n  allowed: 1.0\n  fix:     get it",
  );
});

test("several problems are told at once", () => {
  const problem = (what: string) => new Problem({ what, fix: "mend it" });
  expect(new Problems([problem("A."), problem("B.")]).message).toBe(
    "A.\n  fix:     mend it\n\nB.\n  fix:     mend it",
  );
});

test("consent is asked once, for what would change, and a no ends it", async () => {
  const ask = vi.fn(async () => false);
  await expect(seekConsent([needs([absent]), needs([present])], ask)).rejects.toThrow("Nothing was changed.");
  expect(ask).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("  - install it"));
  await seekConsent([needs([present])], ask);
  expect(ask).toHaveBeenCalledOnce();
});

test("ports", () => {
  expect(judgePort(8080, { kind: "ours", container: "dev-edge", stack: "dev" }).ok).toBe(true);
  expect(judgePort(8080, { kind: "process", pid: 7, command: "nginx" })).toMatchObject({
    ok: false,
    found: "held by nginx (process 7)",
    remedy: expect.stringContaining("cdktf.json"),
  });
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0
   1: 0100007F:1F90 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0
   2: 00000000:20FB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0`;
  expect(listeningInodes(table, 8080)).toEqual(["4711"]);
  expect(listeningInodes(table, 8443)).toEqual(["4713"]);
});

test("disk space", () => {
  expect(judgeSpace("/var/lib/docker", 5 * 2 ** 30).ok).toBe(true);
  expect(judgeSpace("/var/lib/docker", 3.95 * 2 ** 30)).toMatchObject({
    ok: false,
    wanted: "at least 4 GiB",
  });
});
