import { shellQuoted } from "../../modules/hosts/shell-word.ts";
import { lastLines, type Outcome, thisMachine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import { sshProblem } from "../stack/ssh-problem.ts";
import type { StackHost } from "../stack/stack-host.ts";

export interface ShellOptions {
  /** @default 60 */
  readonly seconds?: number;
  readonly onLine?: (line: string) => void;
  /** Over a connection of its own: proves that the host still lets us in. @default false */
  readonly fresh?: boolean;
}

/** A shell of root on a host, by SSH and its pinned key. */
export class RemoteShell {
  readonly host: StackHost;
  readonly login: string;

  /** @param login who is let in: root, or somebody whom sudo asks for no password */
  constructor(host: StackHost, login: string) {
    this.host = host;
    this.login = login;
  }

  /**
   * What a script printed.
   * @throws Problem when SSH or the script fails
   */
  async run(script: string, options: ShellOptions = {}): Promise<string> {
    const outcome = await this.try(script, options);
    if (outcome.code === 0) return outcome.stdout;
    throw new Problem({
      what: `A step failed on the host ${this.host.name}.`,
      value: outcome.timedOut ? "no end in time" : lastLines(outcome.stderr || outcome.stdout, 12),
      fix: "mend what it says, then run it again: it goes on from here",
    });
  }

  /** How a script ended. @throws Problem when SSH fails */
  async try(script: string, { seconds = 60, onLine, fresh = false }: ShellOptions = {}): Promise<Outcome> {
    const { host, ssh } = this.host;
    const command = `sh -ec ${shellQuoted(script)}`;
    const outcome = await thisMachine.run(
      [
        ...["ssh", "-T", ...(ssh === undefined ? [] : ["-F", ssh.config])],
        ...(fresh ? ["-o", "ControlMaster=no", "-o", "ControlPath=none"] : []),
        ...["-l", this.login, "-p", `${host.ssh?.port ?? 22}`, "--", host.ssh?.hostname ?? ""],
        this.login === "root" ? command : `sudo -n ${command}`,
      ],
      { seconds, ...(onLine !== undefined && { onLine }) },
    );
    // ssh's own code for its own errors.
    if (outcome.code === 255) throw sshProblem(host, outcome.stderr, { user: this.login });
    return outcome;
  }
}
