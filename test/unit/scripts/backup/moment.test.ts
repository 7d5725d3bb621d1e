import { describe, expect, test } from "vitest";
import type { Contents } from "../../../../scripts/backup/contents.ts";
import { filesAt, momentOf, rangeOf, show } from "../../../../scripts/backup/moment.ts";

const at = (time: string) => new Date(`2026-11-26T${time}Z`);
const NOW = at("12:00:00");
const database = (name: string, time: string) => ({
  database: name,
  label: "20261126-060000F",
  type: "full" as const,
  set: "",
  start: at(time),
  stop: at(time),
  size: 1,
  stored: 1,
});
const files = (id: string, time: string) => ({ id, set: "", time: at(time), files: 1, size: 1 });
const CONTENTS: Contents = {
  databases: [database("db", "06:00:00"), database("db", "09:00:00"), database("other", "07:00:00")],
  files: [files("a", "06:30:00"), files("b", "09:30:00")],
};

test("everything can be restored from the moment on at which there is one backup of each", () => {
  expect(rangeOf(CONTENTS)).toEqual(at("07:00:00"));
  expect(rangeOf({ databases: [], files: [] })).toBeUndefined();
});

test("files are those of the last backup before", () => {
  expect(filesAt(CONTENTS, at("09:00:00"))?.id).toBe("a");
  expect(filesAt(CONTENTS, at("09:30:00"))?.id).toBe("b");
  expect(filesAt(CONTENTS, "latest")?.id).toBe("b");
  expect(filesAt(CONTENTS, at("06:00:00"))).toBeUndefined();
});

test.each([
  ["2026-11-26 08:00:01", "08:00:01"],
  ["2026-11-26T08:00", "08:00:00"],
  ["2026-11-26 08:00:01.5", "08:00:01.500"],
  ["2026-11-26 08:00:01Z", "08:00:01"],
  ["2026-11-26 09:00:01+01", "08:00:01"],
  ["2026-11-26 03:30:00 -04:30", "08:00:00"],
])("%s is a moment", (text, time) => {
  expect(momentOf(text, CONTENTS, NOW)).toEqual(at(time));
});

test("people and PostgreSQL read it", () => {
  expect(show(at("08:00:01"))).toBe("2026-11-26 08:00:01 UTC");
});

describe("is refused, with the range", () => {
  test.each([
    ["", "no moment"],
    ["yesterday", "no moment"],
    ["2026-02-31 08:00:00", "no moment"],
    ["2026-11-26 25:00:00", "no moment"],
    ["2026-11-26", "no moment"],
    ["2026-11-26 06:59:59", "before the first"],
    ["2026-11-26 12:00:01", "still to come"],
  ])("%j", (text, why) => {
    const attempt = () => momentOf(text, CONTENTS, NOW);
    expect(attempt).toThrow(why);
    expect(attempt).toThrow(
      "latest, or a moment from 2026-11-26 07:00:00 UTC to now, 2026-11-26 12:00:00 UTC",
    );
  });

  test("even the latest, when there is none", () => {
    expect(() => momentOf("latest", { databases: [], files: [] }, NOW)).toThrow("nothing to restore");
  });
});
