import type { Container } from "../stack/containers.ts";
import { docker } from "../stack/docker.ts";
import type { BackedUpStack } from "./backed-up-stack.ts";

/** One backup of a database server. */
export interface DatabaseBackup {
  readonly database: string;
  /** pgBackRest's name for it. */
  readonly label: string;
  readonly type: "full" | "diff" | "incr";
  readonly set: string;
  readonly start: Date;
  /** From here on the database can be restored. */
  readonly stop: Date;
  /** Of the database, and of what is stored for it; in bytes. */
  readonly size: number;
  readonly stored: number;
}

/** One backup of shared folders and secrets. */
export interface FilesBackup {
  readonly id: string;
  readonly set: string;
  readonly time: Date;
  readonly files: number;
  readonly size: number;
}

/** What there is in a repository. */
export interface Contents {
  readonly databases: readonly DatabaseBackup[];
  readonly files: readonly FilesBackup[];
}

const SECONDS = 300;

/** Reads the lists of both tools. */
export async function contentsOf({ databases, files }: BackedUpStack): Promise<Contents> {
  const read = ({ id, host }: Container, ...words: string[]) =>
    docker(["exec", id, ...words], { host, seconds: SECONDS });
  const [infos, snapshots] = await Promise.all([
    Promise.all(databases.map(({ keeper }) => read(keeper, "pgbackrest", "--output=json", "info"))),
    read(files, "restic", "snapshots", "--json", "--no-lock").catch(() => "[]"),
  ]);
  return { databases: infos.flatMap(parseInfo), files: parseSnapshots(snapshots) };
}

/** Reads what `pgbackrest info --output=json` prints. */
export function parseInfo(json: string): readonly DatabaseBackup[] {
  const stanzas: Stanza[] = JSON.parse(json);
  return stanzas.flatMap(({ name, backup }) =>
    backup.map(({ label, type, annotation, timestamp, info }) => ({
      database: name,
      label,
      type,
      set: annotation?.set ?? "",
      start: new Date(timestamp.start * 1000),
      stop: new Date(timestamp.stop * 1000),
      size: info.size,
      stored: info.repository.delta,
    })),
  );
}

/** Reads what `restic snapshots --json` prints. */
export function parseSnapshots(json: string): readonly FilesBackup[] {
  const snapshots: Snapshot[] = JSON.parse(json) ?? [];
  return snapshots.map(({ id, time, tags, summary }) => ({
    id,
    set: tags?.find((tag) => tag.startsWith("set="))?.slice(4) ?? "",
    time: new Date(time),
    files: summary?.total_files_processed ?? 0,
    size: summary?.total_bytes_processed ?? 0,
  }));
}

interface Stanza {
  readonly name: string;
  readonly backup: readonly {
    readonly label: string;
    readonly type: DatabaseBackup["type"];
    readonly annotation?: { readonly set?: string };
    readonly timestamp: { readonly start: number; readonly stop: number };
    readonly info: { readonly size: number; readonly repository: { readonly delta: number } };
  }[];
}

interface Snapshot {
  readonly id: string;
  readonly time: string;
  readonly tags?: readonly string[];
  readonly summary?: { readonly total_files_processed: number; readonly total_bytes_processed: number };
}
