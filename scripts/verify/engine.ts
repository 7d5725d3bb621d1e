import type { Container } from "../stack/containers.ts";
import { type DockerOptions, docker, runDocker } from "../stack/docker.ts";

/** The container engine, as checks look at it; tests hand in another one. */
export interface Engine {
  /** Runs a command of the Docker client, and gives what it printed. */
  docker(words: readonly string[], options?: DockerOptions): Promise<string>;
  /** What a container has logged since then, on both of its outputs. */
  logs(container: Pick<Container, "id" | "host">, since: Date): Promise<string>;
}

export const liveEngine: Engine = {
  docker,
  async logs({ id, host }, since) {
    const { stdout, stderr } = await runDocker(["logs", "--since", since.toISOString(), id], { host });
    return `${stdout}${stderr}`;
  },
};

/** Of a stack that runs in no containers: nothing is logged by any. */
export const noEngine: Engine = {
  docker: () => Promise.reject(new Error("there are no containers")),
  logs: () => Promise.resolve(""),
};
