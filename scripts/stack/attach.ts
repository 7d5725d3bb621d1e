import type { Container } from "./containers.ts";
import { spawnDocker } from "./docker.ts";

export interface AttachOptions {
  /** With a terminal of its own. */
  readonly tty: boolean;
  /** Hand the standard input on. */
  readonly input: boolean;
  /** Who it runs as. @default the user of the container */
  readonly user?: string;
}

/** Runs a command in a container, on the caller's own streams, and gives its exit code. */
export function attach(
  { id, host }: Container,
  command: readonly string[],
  options: AttachOptions,
): Promise<number> {
  const child = spawnDocker(
    [
      "exec",
      ...(options.input ? ["--interactive"] : []),
      ...(options.tty ? ["--tty"] : []),
      ...(options.user === undefined ? [] : ["--user", options.user]),
      id,
      ...command,
    ],
    "inherit",
    host,
  );
  // The keys go to the program in the container, which decides itself what Ctrl-C means.
  for (const signal of ["SIGINT", "SIGQUIT"] as const) process.on(signal, () => undefined);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
