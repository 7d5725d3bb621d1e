import type { Container } from "../stack/containers.ts";
import type { Note } from "../stack/progress.ts";
import type { Stack } from "../stack/stack.ts";
import type { BackedUpDatabase } from "./backed-up-stack.ts";
import { Helper, volumeAt } from "./helper.ts";
import { type Moment, show } from "./moment.ts";

const USER = 5432;
const REPOSITORY = "/srv/backup/databases";
const ROOT = "/var/lib/postgresql";
/** PostgreSQL's words for WAL that ends before the moment that was asked for. */
const ENDS_BEFORE = "recovery ended before configured recovery target was reached";

/** How a database is brought back. */
export interface DatabaseRestoreProps {
  readonly stack: Stack;
  readonly database: BackedUpDatabase;
  readonly moment: Moment;
  /** Name of the folder that the data goes to that is there now; undefined where there is no room for both. */
  readonly aside: string | undefined;
  /** Which history is followed, where a restore has made several. @default that of the data that is there, or the last */
  readonly timeline?: string | undefined;
}

/**
 * Restores a database beside the data that is there, replays the WAL, and lets them change places only when it is complete.
 * Interrupted at any point, it can be done again.
 * @returns what is noteworthy about it, if anything
 */
export async function restoreDatabase(props: DatabaseRestoreProps, note: Note): Promise<string | undefined> {
  const { stack, database, moment, aside, timeline } = props;
  const { name, server, keeper } = database;
  const repository = await volumeAt(keeper, REPOSITORY).catch(() => undefined);
  const helper = await Helper.start({
    stack,
    name: `restore-${name}`,
    like: server,
    user: USER,
    keeper,
    volumes: [
      `${await volumeAt(server, ROOT)}:${ROOT}`,
      ...(repository === undefined ? [] : [`${repository}:${REPOSITORY}`]),
    ],
  });
  const options = { onLine: (line: string) => note(line.slice(0, 100)) };
  try {
    if (aside === undefined) await helper.run(`rm -rf "$SLIPWAY_DATA"`);
    const target = moment === "latest" ? "" : targetOf(moment);
    const branch = timeline ?? (await timelineOf(helper));
    try {
      await helper.run(restoreScript(name, target, branch), options);
      await helper.run(exchangeScript(aside), options);
      return undefined;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes(ENDS_BEFORE)) throw error;
      note("the archive ends before that moment; restores all that there is");
      await helper.run(restoreScript(name, "", branch), options);
      await helper.run(exchangeScript(aside), options);
      return `the archive of ${name} ends before ${moment === "latest" ? "the end" : show(moment)}: all that there is was restored`;
    }
  } finally {
    await helper.remove();
  }
}

/** Removes the data of a replica that does not run, which copies its primary when it starts. */
export async function clearDatabase(stack: Stack, replica: Container, keeper: Container): Promise<void> {
  const helper = await Helper.start({
    stack,
    name: `clear-${replica.node}`,
    like: replica,
    user: USER,
    keeper,
    volumes: [`${await volumeAt(replica, ROOT)}:${ROOT}`],
  });
  try {
    await helper.run('rm -rf "$PGDATA"');
  } finally {
    await helper.remove();
  }
}

/** Whether the volume has room for the data twice. */
export function roomScript(bytesNeeded: number): string {
  return `test "$(df --output=avail -B1 ${ROOT} | tail -n 1)" -gt ${Math.ceil(bytesNeeded * 1.2)} && echo room || echo none`;
}

function targetOf(moment: Date): string {
  return `--type=time --target="${moment.toISOString().replace("T", " ").replace("Z", "+00")}" --target-action=promote`;
}

/**
 * The history that the data which is there belongs to: a restore that was interrupted may have begun another one in the
 * archive. Without data it is the last one.
 */
async function timelineOf(helper: Helper): Promise<string> {
  const found = await helper.run(
    `pg_controldata "$SLIPWAY_DATA" 2>/dev/null | sed -n "s/^Latest checkpoint's TimeLineID: *//p" || true`,
  );
  return /^\d+$/.test(found.trim()) ? `0x${Number(found.trim()).toString(16)}` : "latest";
}

function restoreScript(stanza: string, target: string, timeline: string): string {
  return `new="$SLIPWAY_DATA.restoring"
rm -rf "$new"; mkdir -m 0700 "$new"
pgbackrest --stanza=${stanza} --pg1-path="$new" --target-timeline=${timeline} ${target} --log-level-console=info restore
# Nobody reaches this server. It goes on with the archive, in which the new history of the database begins.
echo "replays the WAL"
postgres -D "$new" -c hot_standby=off -c listen_addresses='' -c unix_socket_directories=/tmp -c ssl=off -c archive_mode=on \\
  -c archive_command="pgbackrest --stanza=${stanza} --pg1-path=$new archive-push %p" > /tmp/log 2>&1 &
server=$!
until [ "$(psql -XAtq -h /tmp -U postgres -d postgres -c 'SELECT pg_is_in_recovery()' 2>/dev/null)" = f ]; do
  kill -0 "$server" 2>/dev/null || { grep -E 'FATAL|PANIC' /tmp/log >&2; exit 1; }
  sleep 0.2
done
for setting in restore_command recovery_target_time recovery_target_action recovery_target_timeline; do
  psql -XAtq -h /tmp -U postgres -d postgres -c "ALTER SYSTEM RESET $setting"
done
pg_ctl stop --silent --wait --timeout=3600 --mode=fast --pgdata="$new"`;
}

/** In one step, so that there is a whole database at any time. */
function exchangeScript(aside: string | undefined): string {
  return `new="$SLIPWAY_DATA.restoring"
if [ -e "$SLIPWAY_DATA" ]; then mv --exchange --no-target-directory "$new" "$SLIPWAY_DATA"; else mv "$new" "$SLIPWAY_DATA"; fi
if [ -e "$new" ]; then ${aside === undefined ? 'rm -rf "$new"' : `mv "$new" "${ROOT}/${aside}"`}; fi
sync -f ${ROOT}`;
}
