import { expect, test } from "vitest";
import { backupApartFromData } from "../../../modules/rules/backup-apart-from-data.ts";
import { backup, described } from "../../support/description.ts";

const on = (device: string | undefined, purpose: "development" | "production" = "production") =>
  backupApartFromData.check(
    described({ purpose, backups: [backup({ repository: { description: "there", device } })] }),
  );

test("another machine and another disk are good", () => {
  expect(on(undefined)).toEqual([]);
  expect(on("disk:/mnt/backup")).toEqual([]);
  expect(on("disk:/srv/postgres", "development")).toEqual([]);
});

test.each([
  ["disk:/srv/postgres", "prod/db"],
  ["disk:/srv/postgres/backup", "prod/db"],
  ["server:10.0.0.20", "prod/shared"],
])("%s, where data is as well", (device, data) => {
  expect(on(device)).toMatchObject([
    {
      path: "prod/backup",
      got: `there, where ${data} are as well`,
      allowed: "another disk, another machine or a store that speaks S3",
    },
  ]);
});
