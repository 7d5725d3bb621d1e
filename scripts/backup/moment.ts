import { Problem } from "../setup/problem.ts";
import type { Contents, FilesBackup } from "./contents.ts";

/** What a restore leads to: all that was archived, or what there was at one moment. */
export type Moment = "latest" | Date;

const FORM =
  /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/i;

/**
 * Reads `latest`, or a moment such as `2026-11-26 12:00:01`; without a zone it is UTC, as in the logs of the servers.
 * @throws Problem that names the range, for what is no moment or lies outside of it
 */
export function momentOf(text: string, contents: Contents, now: Date): Moment {
  const range = rangeOf(contents);
  if (range === undefined) {
    throw new Problem({
      what: "There is nothing to restore: no complete backup was made yet.",
      fix: "npm run backup makes one",
    });
  }
  if (text === "latest") return text;
  const allowed = `latest, or a moment from ${show(range)} to now, ${show(now)}`;
  const moment = parse(text);
  const refuse = (what: string) =>
    new Problem({
      what,
      value: JSON.stringify(text),
      allowed,
      fix: `write it like --to "${show(now).replace(" UTC", "")}", in UTC`,
    });
  if (moment === undefined) throw refuse("That is no moment in time.");
  if (moment > now) throw refuse("That moment is still to come.");
  if (moment < range) throw refuse("That is before the first moment that can be restored.");
  return moment;
}

/** The first moment that everything can be restored to; undefined before there is one. */
export function rangeOf({ databases, files }: Contents): Date | undefined {
  const names = [...new Set(databases.map(({ database }) => database))];
  const firsts = [
    ...names.map((name) =>
      Math.min(...databases.filter(({ database }) => database === name).map(({ stop }) => stop.getTime())),
    ),
    ...(files.length > 0 ? [Math.min(...files.map(({ time }) => time.getTime()))] : []),
  ];
  return firsts.length === 0 ? undefined : new Date(Math.max(...firsts));
}

/** The backup of files that was the newest at a moment. */
export function filesAt({ files }: Contents, moment: Moment): FilesBackup | undefined {
  return files
    .filter(({ time }) => moment === "latest" || time <= moment)
    .sort((a, b) => +b.time - +a.time)[0];
}

/** As PostgreSQL and people read it: `2026-11-26 12:00:01 UTC`. */
export function show(moment: Date): string {
  return `${moment
    .toISOString()
    .replace("T", " ")
    .replace(/(\.000)?Z$/, "")} UTC`;
}

function parse(text: string): Date | undefined {
  const [, year, month, day, hour, minute, second = "00", fraction = "0", zone = "Z"] =
    FORM.exec(text.trim()) ?? [];
  if (year === undefined) return undefined;
  const offset = /^[+-]/.test(zone)
    ? zone.replace(/^(...):?(..)?$/, (_, hours, minutes = "00") => `${hours}:${minutes}`)
    : "Z";
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, "0")}`;
  const moment = new Date(`${iso}${offset}`);
  // 31 February would be taken for a day in March.
  const same = !Number.isNaN(+moment) && new Date(`${iso}Z`).toISOString() === `${iso}Z`;
  return same ? moment : undefined;
}
