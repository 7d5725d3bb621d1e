/** A version number as programs print it: major, minor, patch. */
export type Version = readonly [major: number, minor: number, patch: number];

/**
 * Finds the first version number in a text, such as `v20.19.0`, `go version go1.26.8 linux/amd64` or `20.10.24+dfsg1`.
 * A missing minor or patch number counts as 0.
 */
export function parseVersion(text: string): Version | undefined {
  const found = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text);
  if (found === null) return undefined;
  return [Number(found[1]), Number(found[2] ?? 0), Number(found[3] ?? 0)];
}

/** Whether `version` is at least `minimum`. */
export function atLeast(version: Version, minimum: Version): boolean {
  for (const [index, number] of version.entries()) {
    const wanted = minimum[index] ?? 0;
    if (number !== wanted) return number > wanted;
  }
  return true;
}
