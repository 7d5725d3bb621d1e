import { InvalidValue } from "../values/invalid-value.ts";

/** How cdktf introduces what validations found, before the list itself. */
const CDKTF_VALIDATION = /Validation failed with the following errors:\s*/;

/** The message for the user who made the mistake, or undefined when the error is a defect of the toolkit. */
export function explain(error: unknown): string | undefined {
  if (error instanceof InvalidValue) return `✗ ${error.message}`;
  if (!(error instanceof Error)) return undefined;
  const [, found] = error.message.split(CDKTF_VALIDATION);
  if (found === undefined) return undefined;
  // cdktf indents each finding and puts the path of the construct that validated before it.
  const findings = found.replace(/^ {2}/gm, "").replace(/^\[[^\]]+\] /gm, "").trim();
  const count = findings.split(/\n(?=\S)/).length;
  return `✗ ${count} ${count === 1 ? "thing" : "things"} to mend before anything can run:\n\n${findings}\n`;
}
