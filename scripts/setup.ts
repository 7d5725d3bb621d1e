import { Command } from "commander";
import { Listr, type ListrTask, PRESET_TIMER } from "listr2";
import { chains } from "./setup/chains.ts";
import { type Ask, askOnTerminal, seekConsent } from "./setup/consent.ts";
import { interruptible } from "./setup/interrupt.ts";
import { type Machine, thisMachine } from "./setup/machine.ts";
import { fail, Problem, Problems } from "./setup/problem.ts";
import { ensure, type Report, type Requirement } from "./setup/requirement.ts";
import { takeRunLock } from "./setup/run-lock.ts";

/** How to set up. */
export interface SetUpOptions {
  /** The machine to set up. @default this one */
  readonly machine?: Machine;
  /** Whether to show the steps. @default true */
  readonly show?: boolean;
  /** Asks before the machine is changed. @default on the terminal when there is one, else nobody is asked */
  readonly ask?: Ask | undefined;
}

/**
 * Provides all that a machine needs to deploy a stack: engine, base image, Terraform's provider. Can be run again and
 * again, and twice at once: only what is missing is done, by one process at a time.
 *
 * @throws Problem that tells all that is missing and can't be installed, and how to mend it
 */
export async function setUp(options: SetUpOptions = {}): Promise<void> {
  const machine = options.machine ?? thisMachine;
  const onTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true && !process.env.CI;
  const ask = "ask" in options ? options.ask : process.stdin.isTTY ? askOnTerminal : undefined;
  const groups = chains(machine);
  if (ask !== undefined)
    await seekConsent(
      groups.flatMap(({ requirements }) => requirements),
      ask,
    );

  const interrupt = interruptible("run it again to go on");
  const turn = new Turn(interrupt.signal);
  const problems: unknown[] = [];

  const step = (requirement: Requirement): ListrTask => ({
    title: requirement.name,
    task: async (_, task) => {
      try {
        const report: Report = (line) => {
          task.output = onTerminal ? line : `${requirement.name}: ${line}`;
        };
        const { found } = await ensure(
          requirement,
          (work) => turn.during(work, report),
          report,
          interrupt.signal,
        );
        task.title = `${requirement.name}: ${found}`;
      } catch (error) {
        const problem = asProblem(error, interrupt.signal);
        problems.push(problem);
        throw new Error(problem instanceof Problem ? problem.what : String(problem));
      }
    },
  });
  const list = new Listr(
    groups.map(
      ({ title, requirements }): ListrTask => ({
        title,
        task: (_, task) => task.newListr(requirements.map(step), { concurrent: false, exitOnError: true }),
      }),
    ),
    {
      concurrent: true,
      // Of several things that are missing, all are told at once.
      exitOnError: false,
      registerSignalListeners: false,
      renderer: options.show === false ? "silent" : onTerminal ? "default" : "simple",
      rendererOptions: {
        timer: PRESET_TIMER,
        collapseSubtasks: false,
        collapseErrors: false,
        showErrorMessage: false,
      },
    },
  );
  try {
    await list.run();
  } finally {
    await turn.end();
    interrupt.end();
  }
  if (interrupt.signal.aborted) throw interrupt.signal.reason;
  const [first] = problems;
  const ours = problems.filter((problem) => problem instanceof Problem);
  if (ours.length < problems.length) throw problems.find((problem) => !(problem instanceof Problem));
  if (ours.length > 1) throw new Problems(ours);
  if (first !== undefined) throw first;
}

/** Our turn among the set-ups of this user: taken before the first thing is installed, given back at the end. */
class Turn {
  readonly #signal: AbortSignal;
  #taken: Promise<() => Promise<void>> | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async during<T>(work: () => Promise<T>, report: Report): Promise<T> {
    this.#taken ??= takeRunLock(report, this.#signal);
    await this.#taken;
    return work();
  }

  async end(): Promise<void> {
    const release = await this.#taken?.catch(() => undefined);
    await release?.();
  }
}

function asProblem(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== "ENOSPC" && code !== "EDQUOT") return error;
  return new Problem({
    what: "The disk is full.",
    value: message,
    fix: "free some space (df -h shows where), then run it again",
  });
}

if (process.argv[1] === import.meta.filename) {
  const program = new Command("setup")
    .description(
      "Provide what this machine needs to deploy a stack: engine, base image, Terraform's provider.",
    )
    .addHelpText(
      "after",
      "\nOnly what is missing is done. npm run doctor tells what is there without changing anything.",
    )
    .allowExcessArguments(false);
  program.parse();
  await setUp().catch(fail);
}
