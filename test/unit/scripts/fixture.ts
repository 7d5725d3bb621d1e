import { readFileSync } from "node:fs";

/** The text of a file that was captured from a real run. */
export function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
}

/** Its lines. */
export function fixtureLines(name: string): readonly string[] {
  return fixture(name).trimEnd().split("\n");
}
