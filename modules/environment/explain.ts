import { InvalidValue } from "../values/invalid-value.ts";

/** How cdktf introduces what validations found, and what it says after the list: that one may skip them. */
const CDKTF_VALIDATION =
  /^Validation failed with the following errors:\s*(.*?)\s*(?:If you wish to ignore these validations.*)?$/s;
/** Two modules with one name in one environment: the library of the constructs finds it first. */
const TAKEN = /^There is already a Construct with name '([^']*)' in \w+(?: \[([^\]]*)\])?$/;

/** The message for the user who made the mistake, or undefined when the error is a defect of the toolkit. */
export function explain(error: unknown): string | undefined {
  if (error instanceof InvalidValue) return `✗ ${error.message}`;
  if (!(error instanceof Error)) return undefined;
  const [, name, where] = TAKEN.exec(error.message) ?? [];
  if (name !== undefined) {
    return `✗ Invalid name "${name}" in ${where ?? "the app"}: allowed is a name that is free. Rename one of the two.`;
  }
  const [, found] = CDKTF_VALIDATION.exec(error.message) ?? [];
  if (found === undefined) return undefined;
  // cdktf indents each finding and puts the path of the construct that validated before it. Rules name the construct
  // that they mean themselves, and a stack's own path has no slash.
  const findings = found
    .replace(/^ {2}/gm, "")
    .replace(/^\[[^\]/]+\] /gm, "")
    .replace(/^\[([^\]]+)\] /gm, "$1: ");
  const count = findings.split(/\n(?=\S)/).length;
  return `✗ ${count} ${count === 1 ? "thing" : "things"} to mend before anything can run:\n\n${findings}\n`;
}
