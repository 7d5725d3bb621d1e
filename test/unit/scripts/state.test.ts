import { expect, test } from "vitest";
import { unknownTo } from "../../../scripts/stack/leftovers.ts";
import { lockingProcess } from "../../../scripts/stack/lock.ts";
import { parseState } from "../../../scripts/stack/state.ts";

/** As Terraform 1.11 wrote it after a release that did not get healthy, without what nobody reads. */
const STATE = JSON.stringify({
  version: 4,
  resources: [
    {
      mode: "data",
      type: "docker_containers",
      name: "all",
      instances: [{ attributes: { id: "docker_containers" } }],
    },
    {
      mode: "managed",
      type: "docker_network",
      name: "db",
      instances: [{ attributes: { id: "813528183b03" } }],
    },
    {
      mode: "managed",
      type: "docker_container",
      name: "guestbook-1",
      instances: [
        { status: "tainted", attributes: { id: "f426e05bd31f" } },
        { deposed: "ba4d5bd0", attributes: { id: "3a2f12da5bcb" } },
      ],
    },
  ],
});

test("the state tells all containers, those that give way included", () => {
  const state = parseState(STATE);
  expect([...state.ids].sort()).toEqual(["3a2f12da5bcb", "813528183b03", "f426e05bd31f"]);
  expect(state.resources).toBe(2);
});

test("only the successor that did not get ready is unfinished", () => {
  expect(parseState(STATE).unfinished).toEqual([
    { address: "docker_container.guestbook-1", id: "f426e05bd31f" },
  ]);
});

test("an empty file is the state of nothing", () => {
  expect(parseState("")).toEqual({
    ids: new Set(),
    unfinished: [],
    released: false,
    resources: 0,
  });
});

test("what the state does not know is left over", () => {
  const found = [{ id: "3a2f12da5bcb" }, { id: "000000000000" }];
  expect(unknownTo(parseState(STATE), found)).toEqual([{ id: "000000000000" }]);
});

test("the process that locks a file is told by the kernel", () => {
  const locks = `1: POSIX  ADVISORY  WRITE 23529 fe:00:5382979 0 EOF
2: FLOCK  ADVISORY  WRITE 10433 fe:00:762008 0 EOF
8: OFDLCK ADVISORY  READ -1 00:06:3 0 EOF
`;
  expect(lockingProcess(locks, 5382979)).toBe("23529");
  expect(lockingProcess(locks, 2979)).toBeUndefined();
  expect(lockingProcess(locks, 762008)).toBeUndefined();
});
