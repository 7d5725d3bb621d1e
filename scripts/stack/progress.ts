import { Listr, PRESET_TIMER } from "listr2";
import pc from "picocolors";
import { span } from "./words.ts";

/** What a step tells while it works. */
export type Note = (line: string) => void;

/** Something that takes time, and that people should see. */
export interface Step {
  readonly title: string;
  /** Gives what came out in a few words; nothing is fine too. */
  run(note: Note): Promise<string | undefined>;
}

/** How long a line is not said again, in milliseconds. */
const QUIET = 30_000;

const onTerminal = process.stdout.isTTY === true && !process.env.CI;

/**
 * Does one thing and shows it: a spinner on a terminal, a line with its duration elsewhere.
 * @param say what came out, in a few words
 */
export async function step<T>(
  title: string,
  work: (note: Note) => Promise<T>,
  say: (result: T) => string | undefined = () => undefined,
): Promise<T> {
  let result: { value: T } | undefined;
  await steps([
    {
      title,
      async run(note) {
        result = { value: await work(note) };
        return say(result.value);
      },
    },
  ]);
  if (result === undefined) throw new Error(`${title} ended without a result`);
  return result.value;
}

/**
 * Does several things at once and shows each.
 * @throws what the first of them failed with, after all have ended
 */
export async function steps(list: readonly Step[]): Promise<void> {
  const failures: unknown[] = [];
  const shown = onTerminal ? spinning(list, failures) : Promise.all(list.map((one) => plain(one, failures)));
  await shown;
  if (failures.length > 0) throw failures[0];
}

function spinning(list: readonly Step[], failures: unknown[]): Promise<unknown> {
  return new Listr(
    list.map(({ title, run }) => ({
      title,
      task: async (_, task) => {
        try {
          const result = await run((line) => {
            task.output = line;
          });
          if (result !== undefined) task.title = `${title}: ${result}`;
        } catch (error) {
          failures.push(error);
          throw new Error(title);
        }
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      rendererOptions: { timer: PRESET_TIMER, collapseErrors: false, showErrorMessage: false },
    },
  ).run();
}

async function plain({ title, run }: Step, failures: unknown[]): Promise<void> {
  const start = Date.now();
  const line = (mark: string, text: string) => console.log(`${mark} ${text} [${took(Date.now() - start)}]`);
  let last = { text: "", at: 0 };
  try {
    const result = await run((text) => {
      // Who reads a log wants to see that it still works, but not every ten seconds.
      if (text === last.text && Date.now() - last.at < QUIET) return;
      last = { text, at: Date.now() };
      line(" ", `${title}: ${text}`);
    });
    line(pc.green("✔"), result === undefined ? title : `${title}: ${result}`);
  } catch (error) {
    failures.push(error);
    line(pc.red("✖"), title);
  }
}

function took(milliseconds: number): string {
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : span(milliseconds);
}
