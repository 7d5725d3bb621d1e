import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../setup/problem.ts";
import type { Container } from "../stack/containers.ts";
import type { Note } from "../stack/progress.ts";
import { DATABASES, LOCK_TABLES, parseHashes, ROW_HASHES, type TableHash } from "./row-hashes.ts";
import { SqlError, SqlSession } from "./sql-session.ts";

const ATTEMPTS = 20;
const PAUSE = 500;
/** How long the archive may take for one segment of WAL, in seconds. */
const PATIENCE = 120;

/** A moment of a server that works on, to which it can be restored, and at which its rows can still be read. */
export class RestorePoint {
  readonly name: string;
  /** The databases of the server, each with a transaction that sees that moment. */
  readonly #sessions: ReadonlyMap<string, SqlSession>;

  private constructor(name: string, sessions: ReadonlyMap<string, SqlSession>) {
    this.name = name;
    this.#sessions = sessions;
  }

  /**
   * Nobody writes for the moment in which it is taken: all tables are locked against it, and let go at once. Whoever
   * writes waits for milliseconds; where the locks are not given within a second, it is tried again later.
   * @throws Problem when they are never given, or the WAL up to that moment is not archived
   */
  static async take(server: Container, name: string, note: Note): Promise<RestorePoint> {
    const first = new SqlSession(server, "postgres");
    const databases = await first.run(DATABASES);
    const lockers = databases.map((database) => new SqlSession(server, database));
    const sessions = new Map(databases.map((database) => [database, new SqlSession(server, database)]));
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          for (const locker of lockers) await locker.run(`BEGIN; ${LOCK_TABLES}`);
          await Promise.all(
            [...sessions.values()].map((session) =>
              session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT FROM pg_class LIMIT 1;"),
            ),
          );
          await first.run(`SELECT pg_create_restore_point('${name}');`);
          break;
        } catch (error) {
          if (!(error instanceof SqlError) || attempt === ATTEMPTS) throw cannotLock(server, error);
          note("waits for transactions that write");
          await Promise.all([...lockers, ...sessions.values()].map((session) => session.run("ROLLBACK;")));
          await sleep(PAUSE);
        } finally {
          await Promise.all(lockers.map((locker) => locker.run("ROLLBACK;").catch(() => [])));
        }
      }
      await archived(first);
      return new RestorePoint(name, sessions);
    } catch (error) {
      for (const session of sessions.values()) session.close();
      throw error;
    } finally {
      for (const session of [first, ...lockers]) session.close();
    }
  }

  /** Hashes of all rows, as they were at that moment. */
  async hashes(): Promise<readonly TableHash[]> {
    const all: TableHash[] = [];
    for (const [database, session] of this.#sessions) {
      all.push(...parseHashes(database, await session.run(ROW_HASHES)));
    }
    return all;
  }

  close(): void {
    for (const session of this.#sessions.values()) session.close();
  }
}

/**
 * Waits until all WAL up to now is in the archive.
 * @throws Problem when it does not get there
 */
export async function archived(session: SqlSession, patience = PATIENCE): Promise<void> {
  // With a transaction that was committed after it, a moment of the clock can be found in the WAL as well.
  const [segment = ""] = (
    await session.run("SELECT pg_current_xact_id() IS NULL; SELECT pg_walfile_name(pg_switch_wal());")
  ).slice(-1);
  const done = `SELECT coalesce(max(last_archived_wal), '') >= '${segment}' FROM pg_stat_archiver WHERE last_archived_wal ~ '^[0-9A-F]{24}$';`;
  for (const end = Date.now() + patience * 1000; ; ) {
    if ((await session.run(done))[0] === "t") return;
    if (Date.now() > end) {
      const [failed = ""] = await session.run("SELECT last_failed_wal FROM pg_stat_archiver;");
      throw new Problem({
        what: `The server could not hand its WAL over to the repository within ${patience} s.`,
        value: failed === "" ? segment : `${segment}, after ${failed} failed`,
        fix: "npm run logs shows what pgbackrest archive-push says; mend the repository, or free space there",
      });
    }
    await sleep(50);
  }
}

function cannotLock(server: Container, error: unknown): unknown {
  return error instanceof SqlError
    ? new Problem({
        what: `No moment without a transaction that writes was found in ${server.node}.`,
        value: error.message,
        fix: "try again when it is less busy, or look for a transaction that does not end in pg_stat_activity",
      })
    : error;
}
