import { dockerCommand } from "../setup/engine.ts";
import { type RunOptions, thisMachine } from "../setup/machine.ts";
import { docker } from "../stack/docker.ts";

/** The container engine, as checks look at it; tests hand in another one. */
export interface Engine {
  /** Runs a command of the Docker client, and gives what it printed. */
  docker(words: readonly string[], options?: RunOptions): Promise<string>;
  /** What a container has logged since then, on both of its outputs. */
  logs(container: string, since: Date): Promise<string>;
}

export const liveEngine: Engine = {
  docker,
  async logs(container, since) {
    const words = dockerCommand(thisMachine, ["logs", "--since", since.toISOString(), container]);
    const { stdout, stderr } = await thisMachine.run(words, { seconds: 30 });
    return `${stdout}${stderr}`;
  },
};
