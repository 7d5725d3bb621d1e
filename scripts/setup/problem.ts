/** What a user needs in order to mend something without asking anyone. */
export interface ProblemDetails {
  /** What is wrong, in one sentence. */
  readonly what: string;
  /** What was found: the value, the path, or the last lines of a log. */
  readonly value?: string;
  /** What is allowed or expected instead. */
  readonly allowed?: string;
  /** What to do about it. */
  readonly fix: string;
}

/** A mistake or a lack that the user can mend: it is told in a few lines, and never with a stack trace. */
export class Problem extends Error {
  readonly what: string;
  readonly value: string | undefined;
  readonly allowed: string | undefined;
  readonly fix: string;

  constructor(details: ProblemDetails) {
    super(explain(details));
    this.name = "Problem";
    this.what = details.what;
    this.value = details.value;
    this.allowed = details.allowed;
    this.fix = details.fix;
  }
}

/** Several problems that were met in one run; the message lists them all. */
export class Problems extends Problem {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super({ what: `${problems.length} things are missing.`, fix: "mend each of them, then try again" });
    this.problems = problems;
    this.message = problems.map((problem) => problem.message).join("\n\n");
  }
}

/**
 * Prints what a command-line script failed with, and makes the process end with exit code 1.
 *
 * @throws the error itself when it is not a {@link Problem}: then it is our mistake, and the trace helps
 */
export function fail(error: unknown): void {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}

function explain({ what, value, allowed, fix }: ProblemDetails): string {
  const rows: [string, string | undefined][] = [
    ["got", value],
    ["allowed", allowed],
    ["fix", fix],
  ];
  const lines = rows.flatMap(([label, text]) =>
    text === undefined ? [] : [`  ${`${label}:`.padEnd(9)}${text.replaceAll("\n", `\n${" ".repeat(11)}`)}`],
  );
  return [what, ...lines].join("\n");
}
