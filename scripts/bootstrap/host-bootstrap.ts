import { Problem } from "../setup/problem.ts";
import type { Note } from "../stack/progress.ts";
import type { RemoteShell } from "./remote-shell.ts";
import { checkScript, type Task, undone } from "./task.ts";

/** Packages come over the network, and their scripts run there. */
const SECONDS = 1800;

/** A task, and what is done from here once the host has done its part. */
export interface HostTask extends Task {
  readonly finish?: (note: Note) => Promise<void>;
}

/** What a host lacks, and the way to give it that. */
export class HostBootstrap {
  readonly shell: RemoteShell;
  readonly tasks: readonly HostTask[];
  /** Those that are to be done. */
  readonly todo: readonly HostTask[];

  private constructor(shell: RemoteShell, tasks: readonly HostTask[], todo: readonly HostTask[]) {
    this.shell = shell;
    this.tasks = tasks;
    this.todo = todo;
  }

  /** Looks at a host, and changes nothing. */
  static async plan(shell: RemoteShell, tasks: readonly HostTask[]): Promise<HostBootstrap> {
    return new HostBootstrap(shell, tasks, await lacking(shell, tasks));
  }

  /** Does what is to be done. @throws Problem that names the task which failed */
  async run(note: Note): Promise<void> {
    for (const { title, change, finish } of this.todo) {
      note(title);
      await this.shell.run(change, { seconds: SECONDS, onLine: (line) => note(line.slice(0, 100)) });
      await finish?.(note);
    }
  }

  /** @throws Problem when something is still not as it should be */
  async check(): Promise<void> {
    const lacks = await lacking(this.shell, this.tasks);
    if (lacks.length === 0) return;
    throw new Problem({
      what: `The host ${this.shell.host.name} still lacks something.`,
      value: lacks.map(({ title }) => title).join("\n"),
      fix: "somebody else changes it too; see who, then run it again",
    });
  }
}

async function lacking(shell: RemoteShell, tasks: readonly HostTask[]): Promise<readonly HostTask[]> {
  const printed = await shell.run(checkScript(tasks), { seconds: 120 });
  return undone(tasks, printed);
}
