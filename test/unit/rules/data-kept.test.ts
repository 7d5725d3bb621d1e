import { expect, test } from "vitest";
import { dataKept } from "../../../modules/rules/data-kept.ts";
import { database, described, nodes, OWN_DISK } from "../../support/description.ts";

const mount = (keep: boolean) => ({
  volume: { name: "some-data", storage: OWN_DISK, folder: "some", keep },
  path: "/data",
});

test("volumes that are kept are good", () => {
  expect(dataKept.check(described())).toEqual([]);
});

test("a database's volume that a deploy may destroy is a violation", () => {
  expect(
    dataKept.check(described({ workloads: [database({ volumes: [mount(true), mount(false)] })] })),
  ).toEqual([
    {
      path: "prod/db",
      got: "volume some-data that a deploy may destroy",
      allowed: "volumes that are kept",
      fix: "Leave out keep: false.",
    },
  ]);
});

test("development may destroy it", () => {
  const workloads = [database({ volumes: [mount(false)] })];
  expect(dataKept.check(described({ purpose: "development", workloads }))).toEqual([]);
});

test("what can be made again need not be kept", () => {
  expect(dataKept.check(described({ workloads: [nodes({ volumes: [mount(false)] })] }))).toEqual([]);
});
