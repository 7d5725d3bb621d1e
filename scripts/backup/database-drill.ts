import type { Container } from "../stack/containers.ts";
import { docker } from "../stack/docker.ts";
import type { Note } from "../stack/progress.ts";
import type { Stack } from "../stack/stack.ts";
import type { BackedUpDatabase } from "./backed-up-stack.ts";
import { Helper, helperVolume, volumeAt } from "./helper.ts";
import { RestorePoint } from "./restore-point.ts";
import { DATABASES, differences, parseHashes, ROW_HASHES, type TableHash } from "./row-hashes.ts";

const USER = 5432;
const REPOSITORY = "/srv/backup/databases";
const FOLDER = "/var/lib/postgresql/drill";

/** What a drill of one database came to. */
export interface DatabaseOutcome {
  readonly tables: number;
  readonly rows: number;
  /** Of the files that were restored. */
  readonly bytes: number;
  /** What is damaged or different, a line each. */
  readonly damage: readonly string[];
}

/** Restores one database beside itself, to a moment that is compared row by row. */
export class DatabaseDrill {
  readonly #database: BackedUpDatabase;
  readonly #helper: Helper;

  private constructor(database: BackedUpDatabase, helper: Helper) {
    this.#database = database;
    this.#helper = helper;
  }

  static async prepare(stack: Stack, database: BackedUpDatabase): Promise<DatabaseDrill> {
    const { name, server, keeper } = database;
    const data = await helperVolume(stack, keeper.host, `drill-${name}`);
    const repository = await volumeAt(keeper, REPOSITORY).catch(() => undefined);
    const helper = await Helper.start({
      stack,
      name: `drill-${name}`,
      like: server,
      user: USER,
      keeper,
      volumes: [
        `${data}:/var/lib/postgresql`,
        ...(repository === undefined ? [] : [`${repository}:${REPOSITORY}:ro`]),
      ],
    });
    return new DatabaseDrill(database, helper);
  }

  /** @throws Problem when it cannot be restored at all for a reason other than damage */
  async run(point: string, note: Note): Promise<DatabaseOutcome> {
    const { name, server, keeper } = this.#database;
    note("takes a restore point");
    const moment = await RestorePoint.take(server, point, note);
    try {
      note("restores, and compares");
      const [live, restored, damage] = await Promise.all([
        moment.hashes(),
        this.#restore(point).catch((error: Error) => error),
        verify(keeper),
      ]);
      if (restored instanceof Error) {
        return {
          tables: 0,
          rows: 0,
          bytes: 0,
          damage: [...damage, `${name} cannot be restored: ${told(restored)}`],
        };
      }
      return {
        tables: live.length,
        rows: live.reduce((sum, { rows }) => sum + rows, 0),
        bytes: restored.bytes,
        damage: [...damage, ...differences(live, restored.hashes)],
      };
    } finally {
      moment.close();
    }
  }

  /** How long a plain copy of what was restored takes, up to the moment when the disk has it; in seconds. */
  async copySeconds(): Promise<number> {
    const took = await this.#helper.run(
      `cd ${FOLDER}; sync -f .; mkdir ../copy; start=$(date +%s%N)
find . -mindepth 1 -maxdepth 1 ! -name pg_wal -exec cp -a {} ../copy/ ';'; sync -f ../copy
echo $(( $(date +%s%N) - start )); rm -rf ../copy`,
    );
    return Number(took.trim()) / 1e9;
  }

  async #restore(point: string): Promise<{ readonly hashes: readonly TableHash[]; readonly bytes: number }> {
    const { name } = this.#database;
    const output = await this.#helper.run(restoreScript(name, point));
    const [size = "", ...parts] = output.split(/^== /m);
    const hashes = parts.flatMap((part) => {
      const [database = "", ...lines] = part.split("\n");
      return parseHashes(database, lines);
    });
    return { hashes, bytes: Number(size.trim()) };
  }
}

/**
 * Restores to a restore point, starts a server that nobody reaches, stays at that point, and hashes. Nothing of it has to
 * outlive a power cut, so nothing waits for the disk: eatmydata(1) for the files, fsync=off for the server.
 */
function restoreScript(stanza: string, point: string): string {
  return `mkdir -m 0700 ${FOLDER}
eatmydata pgbackrest --stanza=${stanza} --pg1-path=${FOLDER} --type=name --target=${point} --target-action=pause --archive-mode=off restore >&2
du -sb --exclude=pg_wal ${FOLDER} | cut -f1
cat > /tmp/postgresql.conf <<'CONF'
listen_addresses = ''
unix_socket_directories = '/tmp'
hot_standby = on
max_connections = 1000
max_worker_processes = 64
max_prepared_transactions = 1000
max_locks_per_transaction = 1000
max_wal_senders = 64
shared_buffers = 256MB
fsync = off
full_page_writes = off
autovacuum = off
CONF
printf 'local all all trust\\n' > /tmp/pg_hba.conf
touch ${FOLDER}/pg_ident.conf
postgres -D ${FOLDER} -c config_file=/tmp/postgresql.conf -c hba_file=/tmp/pg_hba.conf -c ident_file=${FOLDER}/pg_ident.conf > /tmp/log 2>&1 &
server=$!
until [ "$(psql -XAtq -h /tmp -U postgres -d postgres -c 'SELECT pg_get_wal_replay_pause_state()' 2>/dev/null)" = paused ]; do
  kill -0 "$server" 2>/dev/null || { grep -E 'FATAL|PANIC|ERROR|WARN' /tmp/log >&2; exit 1; }
  sleep 0.1
done
psql="psql -XAtq -h /tmp -U postgres"
cat > /tmp/databases.sql <<'SQL'
${DATABASES}
SQL
cat > /tmp/hashes.sql <<'SQL'
${ROW_HASHES}
SQL
$psql -d postgres -f /tmp/databases.sql | while read -r database; do
  echo "== $database"
  $psql -d "$database" -f /tmp/hashes.sql
done
kill -QUIT "$server"; wait "$server" || true`;
}

/** Reads every file of the repository. */
async function verify({ id, host }: Container): Promise<readonly string[]> {
  const script = "python3 -m slipway_backup.database --verify || true";
  const output = await docker(["exec", id, "sh", "-c", script], { host, seconds: 86_400 });
  return output
    .split("\n")
    .filter((line) => line.startsWith("slipway: "))
    .map((line) => line.slice("slipway: ".length));
}

/** The first lines of what went wrong. */
function told(error: Error): string {
  return error.message.split("\n").slice(0, 6).join(" ").replace(/\s+/g, " ");
}
