import { describe, expect, test } from "vitest";
import { machinesOf } from "../../../modules/hosts/export/machine.ts";

const WORKLOADS = new Map([
  ["db", ["db"]],
  ["shop", ["shop-1", "shop-2"]],
  ["edge", ["edge"]],
]);

describe("machines of an export", () => {
  test("are one without a word", () => {
    expect(machinesOf([], WORKLOADS)).toEqual([
      { name: "localhost", address: "127.0.0.1", instances: ["db", "shop-1", "shop-2", "edge"] },
    ]);
  });

  test("have what is named, and a workload stands for those of its instances that are named nowhere else", () => {
    expect(machinesOf(["a=10.0.0.1:db,shop", "b=10.0.0.2:edge,shop-2"], WORKLOADS)).toEqual([
      { name: "a", address: "10.0.0.1", instances: ["db", "shop-1"] },
      { name: "b", address: "10.0.0.2", instances: ["edge", "shop-2"] },
    ]);
  });

  test("may be one by its loopback interface, and by any address of a machine", () => {
    for (const address of ["127.0.0.1", "1.0.0.1", "100.64.0.1", "223.255.255.254"]) {
      expect(machinesOf([`a=${address}:db,shop,edge`], WORKLOADS)[0]?.address).toBe(address);
    }
  });

  test.each([
    [["a=10.0.0.1:db,shop"], "nowhere: edge"],
    [["a=10.0.0.1:db,shop,edge,cache"], "cache"],
    [["a=10.0.0.1:db,shop", "b=10.0.0.2:edge,db"], "db twice"],
    [["a=10.0.0.1:db,shop", "a=10.0.0.2:edge"], "name a twice"],
    [["a=10.0.0.1:db,shop", "b=10.0.0.1:edge"], "address 10.0.0.1 twice"],
    [["a=10.0.0.1"], "a=10.0.0.1"],
    [["a=10.0.0.300:db"], "a=10.0.0.300:db"],
    [["a=host:db"], "a=host:db"],
    [["a=10.0.0.10:db,shop", "b=010.0.0.10:edge"], "b=010.0.0.10:edge"],
    [["a=10.0.0.00:db,shop,edge"], "a=10.0.0.00:db,shop,edge"],
    [["a=0.0.0.0:db,shop,edge"], "0.0.0.0"],
    [["a=0.1.2.3:db,shop,edge"], "0.1.2.3"],
    [["a=224.0.0.1:db,shop", "b=10.0.0.2:edge"], "224.0.0.1"],
    [["a=10.0.0.1:db,shop", "b=255.255.255.255:edge"], "255.255.255.255"],
    [["a=127.0.0.1:db,shop", "b=10.0.0.11:edge"], "127.0.0.1"],
    [["a=10.0.0.1:db,shop", "b=127.1.2.3:edge"], "127.1.2.3"],
  ])("refuses %j, naming what is wrong", (texts, got) => {
    expect(() => machinesOf(texts, WORKLOADS)).toThrow(`"${got}"`);
  });
});
