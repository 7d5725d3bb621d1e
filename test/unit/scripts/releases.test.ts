import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Deployed, Revision } from "../../../modules/release/release.ts";
import { audit, auditLines } from "../../../scripts/release/audit.ts";
import { record } from "../../../scripts/release/record.ts";
import { schemaDigest } from "../../../scripts/release/schemas.ts";
import { commitOf, imagesChanged } from "../../../scripts/release/words.ts";
import { releaseNumbered, releasesIn } from "../../../scripts/stack/releases.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const REVISION: Revision = { commit: "2f1c6b8f0a4f4c1d9a3a4a4cf8a7ad7a4c4b5c6d", clean: true };
const DEPLOYED: Deployed = {
  project: "shop",
  stack: "prod",
  configuration: "c0ffee",
  images: { shop: { name: "shop/shop:1", id: "sha256:1" } },
  engine: "Docker on this machine",
};

function working(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "files/edge/etc"), { recursive: true });
  writeFileSync(join(folder, "files/edge/etc/httpd.conf"), "Listen 80");
  for (const name of ["cdk.tf.json", "slipway.json"]) writeFileSync(join(folder, name), "{}");
  writeFileSync(join(folder, "revision.json"), JSON.stringify(REVISION));
  return folder;
}

describe("the record of a release", () => {
  test("has all that a rollback needs, and a line in the audit log", async () => {
    const releases = join(temporaryFolder(), "releases");
    const release = await record(working(), releases, DEPLOYED, { "db/shop": "5c4e" });
    expect(release).toMatchObject({ number: 1, ...REVISION, ...DEPLOYED, schemas: { "db/shop": "5c4e" } });
    expect(releasesIn(releases)).toEqual([{ ...release, folder: join(releases, "1") }]);
    for (const file of ["cdk.tf.json", "slipway.json", "files/edge/etc/httpd.conf"]) {
      expect(existsSync(join(releases, "1", file)), file).toBe(true);
    }
    expect(await auditLines(releases)).toEqual([
      {
        ...{ time: release.time, who: release.who, stack: "prod", release: 1 },
        ...{ ...REVISION, outcome: "released" },
      },
    ]);
  });

  test("is kept for ten releases, and no number comes again", async () => {
    const releases = temporaryFolder();
    const folder = working();
    for (let count = 0; count < 11; count += 1) await record(folder, releases, DEPLOYED, null);
    expect(releasesIn(releases).map(({ number }) => number)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(await auditLines(releases)).toHaveLength(11);
    expect((await record(folder, releases, DEPLOYED, null)).number).toBe(12);
  });

  test("that a killed run began is none, and does not stand in the way", async () => {
    const releases = temporaryFolder();
    mkdirSync(join(releases, "1.draft/files"), { recursive: true });
    expect(releasesIn(releases)).toEqual([]);
    expect((await record(working(), releases, DEPLOYED, null)).number).toBe(1);
  });
});

test("a number of which no release is kept is refused with those that are", async () => {
  const releases = temporaryFolder();
  await record(working(), releases, DEPLOYED, null);
  await record(working(), releases, DEPLOYED, null);
  expect(() => releaseNumbered(releasesIn(releases), 7)).toThrow(/got: +7\n.*allowed: +1 and 2/);
});

test("a line that was cut short costs no other", async () => {
  const releases = temporaryFolder();
  const line = { time: "2026-01-01T00:00:00Z", who: "a@b", stack: "prod", ...REVISION } as const;
  audit(releases, { ...line, release: null, outcome: "failed", reason: "the disk is full" });
  writeFileSync(join(releases, "audit.jsonl"), '{"time":"2026', { flag: "a" });
  expect(await auditLines(releases)).toEqual([
    { ...line, release: null, outcome: "failed", reason: "the disk is full" },
  ]);
});

test("a schema is the same whichever version dumped it, and another with another column", () => {
  const dump = (column: string, key: string) =>
    `--\n-- PostgreSQL database dump\n--\n\n\\restrict ${key}\n\n-- Dumped by pg_dump version 17.${key}\n\nCREATE TABLE t (${column});\n\n\\unrestrict ${key}\n`;
  expect(schemaDigest(dump("id integer", "6"))).toBe(schemaDigest(dump("id integer", "7")));
  expect(schemaDigest(dump("id integer", "6"))).not.toBe(schemaDigest(dump("id bigint", "6")));
});

test("words for a release", () => {
  expect(commitOf(REVISION)).toBe("2f1c6b8f");
  expect(commitOf({ ...REVISION, clean: false })).toBe("2f1c6b8f + edits");
  expect(commitOf({ commit: null, clean: null })).toBe("–");
  const first = { ...DEPLOYED, ...REVISION, number: 1, time: "", who: "", schemas: null };
  expect(imagesChanged(first, undefined)).toBe("all of it");
  expect(imagesChanged(first, first)).toBe("configuration");
  expect(imagesChanged({ ...first, images: { shop: { name: "", id: "sha256:2" } } }, first)).toBe(
    "image shop",
  );
});
