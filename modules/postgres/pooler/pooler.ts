/**
 * How applications share the connections of a database: many of theirs, few of the server's.
 *
 *     new Postgres(this, "db", { memory: "1 GiB", pooler: Pooler.transactions({ size: 20 }) });
 */
import { countOf } from "../../values/count.ts";
import { Size, type SizeText } from "../../values/size.ts";

/** For how long a connection of an application has one of the server's. */
export type PoolMode = "transaction" | "session";

export interface PoolerOptions {
  /** Connections to the server that each application has. @default 20 */
  readonly size?: number;
  /** Hard limit of the pooler. @default 64 MiB */
  readonly memory?: Size | SizeText;
}

/** PgBouncer before a database. */
export class Pooler {
  readonly mode: PoolMode;
  readonly size: number;
  readonly memory: Size;

  private constructor(mode: PoolMode, { size = 20, memory = "64 MiB" }: PoolerOptions) {
    this.mode = mode;
    this.size = countOf(size, { of: "connections in a pool", most: 10_000, fix: "Write size: 20" });
    this.memory = Size.of(memory);
    Object.freeze(this);
  }

  /**
   * A connection of the server is lent for one transaction: a few serve thousands of clients. What outlives a transaction
   * is lost between them: `SET`, `LISTEN`, temporary tables, advisory locks of a session. Prepared statements are kept.
   * @throws InvalidValue for another size.
   */
  static transactions(options: PoolerOptions = {}): Pooler {
    return new Pooler("transaction", options);
  }

  /**
   * A connection of the server is lent until the client closes its own: only opening one gets cheaper. The size has to be
   * that of all clients at once.
   * @throws InvalidValue for another size.
   */
  static sessions(options: PoolerOptions = {}): Pooler {
    return new Pooler("session", options);
  }
}
