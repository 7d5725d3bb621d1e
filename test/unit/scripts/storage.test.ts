import { expect, test } from "vitest";
import { parseSpaces, type StorageStatus, storageLine, together } from "../../../scripts/stack/storage.ts";

const one = (changes: Partial<StorageStatus> = {}): StorageStatus => ({
  host: "web-1",
  storage: "nfs 10.0.0.20:/tank",
  volumes: ["shared_shop_sessions"],
  size: 40 * 2 ** 30,
  free: 12 * 2 ** 30,
  problem: null,
  ...changes,
});

test("sizes are read in the order of the paths, one that does not answer among them", () => {
  expect(parseSpaces(" 42949672960 12884901888\nsilent\n     131072           0\n")).toEqual([
    { size: 42_949_672_960, free: 12_884_901_888 },
    { size: null, free: null },
    { size: 131_072, free: 0 },
  ]);
  expect(parseSpaces("")).toEqual([]);
});

test("volumes of one file system are told together, and those with a quota of their own apart", () => {
  const told = together([
    one(),
    // Somebody wrote in between.
    one({ volumes: ["shared_shop_cache"], free: 12 * 2 ** 30 - 4096 }),
    one({ volumes: ["shared_shop_uploads"], size: 2 ** 30, free: 2 ** 20 }),
    one({ host: "web-2" }),
  ]);
  expect(told.map(({ host, volumes }) => `${host} ${volumes.join()}`)).toEqual([
    "web-1 shared_shop_sessions,shared_shop_cache",
    "web-1 shared_shop_uploads",
    "web-2 shared_shop_sessions",
  ]);
});

test("a full folder is told, also beside one with an equal quota", () => {
  const [space, full] = together([
    one({ volumes: ["shared_shop_errors"], size: 50 * 2 ** 30, free: 50 * 2 ** 30 }),
    one({ volumes: ["shared_shop_uploads"], size: 50 * 2 ** 30, free: 0, problem: "is full" }),
  ]);
  expect(space).toMatchObject({ volumes: ["shared_shop_errors"], problem: null });
  expect(full).toMatchObject({ volumes: ["shared_shop_uploads"], free: 0, problem: "is full" });
});

test("a line names what is there, and how much is left", () => {
  expect(storageLine(one({ volumes: ["db-data", "shared_shop_cache", "shared_shop_sessions"] }))).toBe(
    "nfs 10.0.0.20:/tank (db-data; shared_shop: cache, sessions): 12 GiB of 40 GiB free",
  );
  expect(storageLine(one({ size: null, free: null }))).toBe("nfs 10.0.0.20:/tank (shared_shop: sessions)");
});
