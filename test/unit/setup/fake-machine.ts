import type { Machine, Outcome, RunOptions } from "../../../scripts/setup/machine.ts";

/** What a fake machine has; all else is missing. */
export interface Fake {
  readonly files?: Readonly<Record<string, string>>;
  readonly commands?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly platform?: NodeJS.Platform;
  readonly root?: boolean;
  /** Answers a command line; one without an answer fails as an unknown command does. */
  readonly answer?: (line: string, options: RunOptions) => Partial<Outcome> | undefined;
}

/** A machine without anything real in it, and the command lines that were run on it. */
export function fakeMachine(fake: Fake = {}): Machine & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    platform: fake.platform ?? "linux",
    arch: "x64",
    root: fake.root ?? true,
    home: "/home/ada",
    env: fake.env ?? {},
    async run(command, options = {}) {
      const line = command.join(" ");
      lines.push(line);
      const unknown: Outcome = { code: 127, stdout: "", stderr: "command not found", timedOut: false };
      const answer = fake.answer?.(line, options);
      return answer === undefined ? unknown : { code: 0, stdout: "", stderr: "", timedOut: false, ...answer };
    },
    find: async (command) => (fake.commands?.includes(command) ? `/usr/bin/${command}` : undefined),
    read: async (path) => fake.files?.[path],
  };
}

/** /etc/os-release of Debian 13. */
export const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nID=debian\n';
