import { expect, test } from "vitest";
import { databaseAloneOnItsFiles } from "../../../modules/rules/database-alone-on-its-files.ts";
import type { DescribedWorkload } from "../../../modules/rules/description.ts";
import { database, described, nodes, OWN_DISK } from "../../support/description.ts";

const mount = (readOnly: boolean) => ({
  volume: { name: "db-data", storage: OWN_DISK, folder: "db", keep: true },
  path: "/data",
  readOnly,
});
const check = (...workloads: readonly DescribedWorkload[]) =>
  databaseAloneOnItsFiles.check(described({ workloads }));

test("one server with a volume of its own is good, and others may read it", () => {
  expect(databaseAloneOnItsFiles.check(described())).toEqual([]);
  expect(check(database(), nodes({ volumes: [mount(true)] }))).toEqual([]);
});

test("what is released side by side is no matter where it is no database", () => {
  expect(check(nodes({ replicas: 3, release: "start-first", volumes: [mount(false)] }))).toEqual([]);
});

test.each([
  ["2 instances on one volume", [database({ replicas: 2 })]],
  ["a release that starts the next server before it stops the last", [database({ release: "start-first" })]],
  ["a volume that prod/shop writes to as well", [database(), nodes({ volumes: [mount(false)] })]],
])("%s is a violation", (got, workloads) => {
  expect(check(...workloads)).toEqual([
    {
      path: "prod/db",
      got,
      allowed: 'one instance, release "stop-first" and volumes of its own',
      fix: "Describe each server as a workload with its own volume.",
    },
  ]);
});
