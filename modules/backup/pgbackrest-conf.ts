import type { Duration } from "../values/duration.ts";

/** Where the databases' servers and who backs them up share their socket. */
export const SOCKET_FOLDER = "/run/slipway/backup";

/** What the configuration of pgBackRest depends on. */
export interface PgbackrestModel {
  /** Name of the server, which is the name of its backups. */
  readonly stanza: string;
  /** Folder of the data, as the server sees it. */
  readonly dataFolder: string;
  /** Options of the repository. */
  readonly repository: Readonly<Record<string, string>>;
  /** How far back in time a restore reaches, in whole days. */
  readonly keep: Duration;
  /** Whether the repository is on another machine, which takes its time for each file. */
  readonly isElsewhere: boolean;
}

/**
 * The text of `pgbackrest.conf`, for the server that hands over its WAL and for who backs it up.
 * https://pgbackrest.org/configuration.html
 */
export function pgbackrestConf(model: PgbackrestModel): string {
  const { stanza, dataFolder, repository, keep, isElsewhere } = model;
  const options: Record<string, string> = {
    ...repository,
    "repo1-cipher-type": "aes-256-cbc",
    // Small files of a database become few large ones.
    "repo1-bundle": "y",
    "repo1-block": "y",
    "repo1-retention-full-type": "time",
    "repo1-retention-full": `${keep.seconds / 86_400}`,
    "compress-type": "zst",
    "compress-level": "1",
    "process-max": isElsewhere ? "4" : "2",
    "start-fast": "y",
    "archive-timeout": "120",
    ...(isElsewhere && { "archive-async": "y", "spool-path": "/var/spool/pgbackrest" }),
    "log-level-console": "warn",
    "log-level-file": "off",
    "lock-path": "/tmp/pgbackrest",
  };
  return `# Written by Slipway. The passphrase is in a secret beside it.
[global]
${lines(options)}
[${stanza}]
${lines({ "pg1-path": dataFolder, "pg1-socket-path": SOCKET_FOLDER, "pg1-user": "postgres" })}`;
}

/** Settings of a server that hands its WAL over; the longest time that a quiet one keeps it is what a disaster can cost. */
export function archiveSettings(stanza: string): Readonly<Record<string, string>> {
  return {
    unix_socket_directories: `'/run/postgresql, ${SOCKET_FOLDER}'`,
    archive_mode: "on",
    archive_command: `'pgbackrest --stanza=${stanza} archive-push "%p"'`,
    archive_timeout: "60s",
  };
}

function lines(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}
