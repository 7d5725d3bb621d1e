import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Container } from "../stack/containers.ts";
import { spawnDocker } from "../stack/docker.ts";

/** Says in the output of psql that a statement is over. */
const END = "slipway: end";

/** A connection to a database that stays open between statements, by psql in the server's own container. */
export class SqlSession {
  readonly #child: ChildProcess;
  #lines: string[] = [];
  #errors: string[] = [];
  #waiting: ((lines: string[]) => void) | undefined;
  #ended = false;

  constructor(server: Container, database: string) {
    const psql = ["psql", "-XAtq", "--username=postgres", `--dbname=${database}`, "--file=-"];
    this.#child = spawnDocker(["exec", "-i", server.id, ...psql], "pipe", server.host);
    for (const [stream, isError] of [
      [this.#child.stdout, false],
      [this.#child.stderr, true],
    ] as const) {
      if (stream !== null) createInterface({ input: stream }).on("line", (line) => this.#take(line, isError));
    }
    this.#child.once("close", () => {
      this.#ended = true;
      this.#waiting?.(this.#lines);
    });
    this.#child.stdin?.on("error", () => undefined);
  }

  /**
   * What a statement gave, a line for each row.
   * @throws SqlError with what the server said
   */
  async run(sql: string): Promise<readonly string[]> {
    this.#lines = [];
    this.#errors = [];
    const done = new Promise<string[]>((resolve) => {
      this.#waiting = resolve;
    });
    if (this.#ended) throw new SqlError("the connection was closed");
    this.#child.stdin?.write(`${sql}\n\\echo ${END}\n\\warn ${END}\n`);
    const lines = await done;
    this.#waiting = undefined;
    const errors = this.#errors.filter((line) => line !== END && line.includes("ERROR:"));
    if (errors.length > 0 || this.#ended)
      throw new SqlError(errors.join("\n") || "the connection was closed");
    return lines.filter((line) => line !== END);
  }

  close(): void {
    this.#child.stdin?.end();
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  #take(line: string, isError: boolean): void {
    (isError ? this.#errors : this.#lines).push(line);
    // Both streams end a statement, so that no error is left behind.
    if (line === END && this.#lines.at(-1) === END && this.#errors.at(-1) === END)
      this.#waiting?.(this.#lines);
  }
}

/** What a server said about a statement that failed. */
export class SqlError extends Error {}
