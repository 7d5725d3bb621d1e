import { expect, test } from "vitest";
import {
  cgroupsMounted,
  controllersOfVersion1,
  mountCgroups,
  mountsOfVersion1,
  unifiedSuffices,
} from "../../../scripts/setup/cgroups.ts";
import { fakeMachine } from "./fake-machine.ts";

const TABLE =
  "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t1\t3\t1\nmemory\t4\t1\t1\nrdma\t0\t1\t0\npids\t8\t3\t1\n";

test("hierarchies of either version count as mounted, elsewhere or of another kind they do not", () => {
  expect(cgroupsMounted("cgroup2 /sys/fs/cgroup cgroup2 rw 0 0")).toBe(true);
  expect(
    cgroupsMounted("tmpfs /sys/fs/cgroup tmpfs rw 0 0\ncgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0"),
  ).toBe(true);
  expect(cgroupsMounted("tmpfs /sys/fs/cgroup tmpfs rw 0 0\ncgroup2 /mnt cgroup2 rw 0 0")).toBe(false);
});

test("controllers that are switched off are left out", () => {
  expect(controllersOfVersion1(TABLE)).toEqual(["cpu", "memory", "pids"]);
  expect(mountsOfVersion1(["pids"])).toEqual([
    ["mount", "-t", "tmpfs", "-o", "uid=0,gid=0,mode=0755", "cgroup", "/sys/fs/cgroup"],
    ["mkdir", "-p", "/sys/fs/cgroup/pids"],
    ["mount", "-n", "-t", "cgroup", "-o", "pids", "cgroup", "/sys/fs/cgroup/pids"],
  ]);
});

test("version 2 suffices only with the controllers that limit containers", () => {
  expect(unifiedSuffices("cpuset cpu io memory pids\n")).toBe(true);
  expect(unifiedSuffices("cpu\n")).toBe(false);
  expect(unifiedSuffices(undefined)).toBe(false);
});

test("nothing is mounted twice", async () => {
  const machine = fakeMachine({ files: { "/proc/self/mounts": "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0" } });
  expect(await mountCgroups(machine)).toBe("already mounted");
  expect(machine.lines).toEqual([]);
});

test("version 2 is preferred", async () => {
  const machine = fakeMachine({
    files: { "/sys/fs/cgroup/cgroup.controllers": "memory pids" },
    answer: () => ({}),
  });
  expect(await mountCgroups(machine)).toBe("version 2 mounted");
  expect(machine.lines).toEqual(["mount -t cgroup2 cgroup2 /sys/fs/cgroup"]);
});

test("version 1 is mounted where version 2 has no controllers", async () => {
  const machine = fakeMachine({ files: { "/proc/cgroups": TABLE }, answer: () => ({}) });
  expect(await mountCgroups(machine)).toBe("version 1 mounted");
  expect(machine.lines.slice(0, 2)).toEqual([
    "mount -t cgroup2 cgroup2 /sys/fs/cgroup",
    "umount /sys/fs/cgroup",
  ]);
});

test("a kernel without the controllers is a problem", async () => {
  await expect(mountCgroups(fakeMachine())).rejects.toMatchObject({
    name: "Problem",
    allowed: "at least memory, pids",
  });
});
