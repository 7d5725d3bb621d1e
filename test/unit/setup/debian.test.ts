import { describe, expect, test } from "vitest";
import { aptProblem, installPackages, isDebian, needsUpdate } from "../../../scripts/setup/debian.ts";
import { DEBIAN, fakeMachine } from "./fake-machine.ts";

test.each([
  [DEBIAN, true],
  ['ID="debian"\n', true],
  ["ID=ubuntu\nID_LIKE=debian\n", false],
  ["ID=fedora\n", false],
  [undefined, false],
])("os-release %j is Debian: %s", (text, expected) => {
  expect(isDebian(text)).toBe(expected);
});

describe("installing packages", () => {
  const never = new AbortController().signal;

  test("fetches the lists only when apt says that they are missing", async () => {
    let installs = 0;
    const machine = fakeMachine({
      answer: (line) => {
        if (!line.includes(" install ")) return {};
        installs += 1;
        return installs === 1 ? { code: 100, stderr: "E: Unable to locate package docker.io" } : {};
      },
    });
    await installPackages(machine, ["docker.io"], () => {}, never);
    const verbs = machine.lines.flatMap((line) => /apt-get.* (install|update)\b/.exec(line)?.[1] ?? []);
    expect(verbs).toEqual(["install", "update", "install"]);
  });

  test("does not fetch them otherwise", async () => {
    const machine = fakeMachine({ answer: () => ({}) });
    await installPackages(machine, ["docker.io"], () => {}, never);
    expect(machine.lines.filter((line) => line.endsWith(" update"))).toEqual([]);
  });
});

test("lists that are older than the archive need an update", () => {
  expect(needsUpdate("E: Failed to fetch http://mirror/x.deb  404  Not Found")).toBe(true);
  expect(needsUpdate("E: Could not get lock /var/lib/dpkg/lock-frontend")).toBe(false);
});

test.each([
  ["E: You don't have enough free space in /var/cache/apt/archives/.", /disk is full/],
  ["E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7", /Another program/],
  ["Temporary failure resolving 'mirror'", /could not be fetched/],
  ["dpkg: error processing package x", /could not be installed/],
])("apt's %j is explained", (stderr, what) => {
  expect(aptProblem(["x"], stderr, false).what).toMatch(what);
});
