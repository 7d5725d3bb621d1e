import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RELEASE_FILE, type Release } from "../../modules/release/release.ts";
import { Problem } from "../setup/problem.ts";
import { list } from "./words.ts";

/** A release that is kept: its record, and the folder with its `cdk.tf.json`, `slipway.json` and `files`. */
export interface KeptRelease extends Release {
  /** Absolute. */
  readonly folder: string;
}

/** The releases of a stack that are kept, the oldest first; the last one is what runs. */
export function releasesIn(folder: string): readonly KeptRelease[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name) && existsSync(join(folder, name, RELEASE_FILE)))
    .sort((a, b) => Number(a) - Number(b))
    .map((name) => ({
      ...JSON.parse(readFileSync(join(folder, name, RELEASE_FILE), "utf8")),
      folder: join(folder, name),
    }));
}

/**
 * A release by its number.
 * @throws Problem when it is not kept
 */
export function releaseNumbered(releases: readonly KeptRelease[], number: number): KeptRelease {
  const found = releases.find((release) => release.number === number);
  if (found !== undefined) return found;
  throw new Problem({
    what: "There is no such release.",
    value: `${number}`,
    allowed: releases.length === 0 ? "none was recorded yet" : list(releases.map((one) => `${one.number}`)),
    fix: "npm run releases -- <stack> lists them",
  });
}
