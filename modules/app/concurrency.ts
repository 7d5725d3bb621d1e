import { countOf } from "../values/count.ts";

/** How many requests one node serves at a time. */
export class Concurrency {
  readonly processes: number;
  readonly threads: number;

  private constructor(processes: number, threads: number) {
    this.processes = positive("processes", processes);
    this.threads = positive("threads", threads);
    Object.freeze(this);
  }

  /** Threads of a single process: for code that is thread-safe. @throws InvalidValue below one. */
  static threads(threads: number): Concurrency {
    return new Concurrency(1, threads);
  }

  /** Processes of one thread each: for code that is not thread-safe. @throws InvalidValue below one. */
  static processes(processes: number): Concurrency {
    return new Concurrency(processes, 1);
  }

  /** Requests at a time, and connections to a database that they may need. */
  get requests(): number {
    return this.processes * this.threads;
  }
}

function positive(of: string, count: number): number {
  return countOf(count, { of, most: 1000, fix: "Write 15, which is enough for most sites" });
}
