/**
 * Backups of databases, shared folders and the stack's own secrets, which belong together.
 *
 *     new Backup(this, "backup", { of: [db, shared], every: "6 hours", keep: "30 days", to: Repository.directory("/srv/backup") });
 */
import { fileURLToPath } from "node:url";
import { Construct } from "constructs";
import type { Build } from "../engine/build.ts";
import type { Network } from "../engine/network.ts";
import type { ConfigFile, VolumeMount, Workload } from "../engine/workload.ts";
import { Environment } from "../environment/environment.ts";
import type { Contribution, Module } from "../environment/module.ts";
import { jobsFile, type ScheduledCommand } from "../jobs/jobs-file.ts";
import { Schedule } from "../jobs/schedule.ts";
import { JOBS_STATE, SCHEDULER } from "../jobs/scheduler.ts";
import { Postgres } from "../postgres/postgres.ts";
import type { SharedFolders } from "../shared-folders/shared-folders.ts";
import { LocalDisk } from "../storage/local-disk.ts";
import { FILES_OWNER } from "../storage/owner.ts";
import { Duration, type DurationText } from "../values/duration.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";
import { Secret } from "../values/secret.ts";
import { Size } from "../values/size.ts";
import type { Archive } from "./archive.ts";
import { keptSecrets } from "./kept-secrets.ts";
import { archiveSettings, pgbackrestConf, SOCKET_FOLDER } from "./pgbackrest-conf.ts";
import { MOUNT, type Repository } from "./repository.ts";

/** Of the users in the image: one reads the files of the databases, the other those of applications. */
const USERS = { databases: 5432, files: FILES_OWNER } as const;
const DAY = Duration.of("1 day");
/** Time between two looks at whether a backup is due. */
const LOOK = Duration.of("5 minutes");
/** A run that takes longer is ended. */
const LONGEST_RUN = Duration.of("12 hours");

export interface BackupProps {
  /** What is backed up. The secrets of the stack are part of it anyway. */
  readonly of: readonly (Postgres | SharedFolders)[];
  /** Where it is kept. */
  readonly to: Repository;
  /** Time between two backups; between them the WAL of databases is archived all the time. @default "6 hours" */
  readonly every?: Duration | DurationText;
  /** Time between two full backups; those between them hold what changed. @default "7 days" */
  readonly full?: Duration | DurationText;
  /** How far back in time a restore reaches, in whole days. @default "30 days" */
  readonly keep?: Duration | DurationText;
  /**
   * What everything is encrypted with. Without it no backup can be read: keep a copy outside of this machine.
   * @default generated on first use, in `.slipway/<project>/secrets/<stack>/<name>_passphrase`
   */
  readonly passphrase?: Secret;
}

/** A backup set: databases to any second, shared folders and secrets to the moment of each backup. */
export class Backup extends Construct implements Module {
  readonly name: Name;
  readonly #environment: Environment;
  readonly #databases: readonly Postgres[];
  readonly #folders: readonly SharedFolders[];
  readonly #to: Repository;
  readonly #every: Duration;
  readonly #full: Duration;
  readonly #keep: Duration;
  readonly #passphrase: Secret;
  readonly #network: Network;

  /** @throws InvalidValue for nothing to back up, times that contradict each other, and a second backup in one stack. */
  constructor(scope: Construct, id: string, props: BackupProps) {
    super(scope, Name.of(id).text);
    this.name = Name.of(id);
    this.#environment = Environment.of(this);
    this.#databases = props.of.filter((one): one is Postgres => one instanceof Postgres);
    this.#folders = props.of.filter((one): one is SharedFolders => !(one instanceof Postgres));
    this.#to = props.to;
    this.#every = Duration.of(props.every ?? "6 hours");
    this.#full = Duration.of(props.full ?? "7 days");
    this.#keep = Duration.of(props.keep ?? "30 days");
    this.#passphrase = props.passphrase ?? Secret.generated(`${this.name}_passphrase`, { length: 64 });
    this.#network = { name: this.name, internal: !this.#to.isElsewhere };
    this.#check(props);
    for (const database of this.#databases) database.archiveTo(this.#archiveOf(database));
    this.#environment.add(this);
  }

  get path(): string {
    return this.node.path;
  }

  workloads(): readonly Workload[] {
    return [...this.#databases.map((database) => this.#databaseWorkload(database)), this.#filesWorkload()];
  }

  describe(): Contribution {
    return {
      backups: [
        {
          path: this.path,
          name: this.name.text,
          of: [...this.#databases, ...this.#folders].map(({ path }) => path),
          repository: { description: this.#to.description, device: this.#to.storage?.device },
          databases: this.#databases.map(({ name }) => ({
            name: name.text,
            workload: this.#workloadOf(name.text).text,
          })),
          files: this.#workloadOf("files").text,
          passphrase: this.#passphrase.name,
        },
      ],
    };
  }

  #databaseWorkload(database: Postgres): Workload {
    const { data, dataFolder } = database.backedUp;
    const archive = this.#archiveOf(database);
    const name = this.#workloadOf(database.name.text);
    return {
      ...this.#workload(name, "databases"),
      environment: {
        SLIPWAY_STANZA: database.name.text,
        SLIPWAY_DATA: dataFolder,
        SLIPWAY_FULL_AFTER: `${this.#full.seconds}`,
        SLIPWAY_EVERY: `${this.#every.seconds}`,
      },
      files: [...archive.files, this.#jobs("slipway_backup.database")],
      secrets: archive.secrets,
      volumes: [{ ...data, readOnly: true }, ...archive.volumes, this.#state(name)],
    };
  }

  #filesWorkload(): Workload {
    const name = this.#workloadOf("files");
    return {
      ...this.#workload(name, "files"),
      environment: {
        ...this.#to.restic,
        SLIPWAY_EVERY: `${this.#every.seconds}`,
        // The newest snapshot before the earliest moment that can be restored stays as well.
        SLIPWAY_KEEP: `${this.#keep.plus(this.#every).seconds}`,
      },
      files: [...this.#to.files, this.#jobs("slipway_backup.files")],
      secrets: [
        { secret: this.#passphrase, path: "/run/secrets/passphrase" },
        ...this.#to.secrets(this.name.text),
        // Its own passphrase would open nothing: it is locked in with the rest.
        ...keptSecrets(this.#environment.secretsBeside(this))
          .filter((secret) => secret.name !== this.#passphrase.name)
          .map((secret) => ({ secret, path: `/run/secrets/stack/${secret.name}` })),
      ],
      volumes: [
        ...this.#folders.flatMap((folders) => folders.backedUp),
        ...this.#repositoryVolumes("files"),
        this.#state(name),
      ],
    };
  }

  #workload(name: Name, part: keyof typeof USERS) {
    return {
      name,
      role: "backup",
      image: this.#image(part),
      replicas: 1,
      user: USERS[part],
      command: ["python3", "-m", "slipway_jobs"],
      networks: [this.#network],
      ports: [],
      health: { command: ["health"], startPeriod: Duration.of("60 seconds") },
      limits: { memory: Size.of("512 MiB") },
      capabilities: [],
      // A backup that is interrupted goes on with the next run; a release does not wait for hours.
      stop: { signal: "SIGTERM", grace: Duration.of("10 seconds") },
      release: "stop-first",
    } as const satisfies Partial<Workload>;
  }

  #image(part: keyof typeof USERS): Build {
    return {
      name: Name.of(`backup-${part}`),
      context: [{ folder: fileURLToPath(new URL("image", import.meta.url)), into: "" }, SCHEDULER],
      args: { USER: `${USERS[part]}` },
    };
  }

  /** @param module of Python that makes one backup */
  #jobs(module: string): ConfigFile {
    const job: ScheduledCommand = {
      name: Name.of("backup"),
      // It looks whether a backup is due, so that one that failed is made soon after.
      schedule: Schedule.every(this.#every.compare(LOOK) < 0 ? this.#every : LOOK),
      overlap: "forbid",
      timeout: LONGEST_RUN,
      command: ["python3", "-m", module],
    };
    return jobsFile([job]);
  }

  /** What a server needs to hand its WAL over, and whoever backs it up or restores it needs as well. */
  #archiveOf(database: Postgres): Archive {
    const { dataFolder } = database.backedUp;
    const options = Object.entries(this.#to.pgbackrestSecrets);
    return {
      backup: this.path,
      settings: archiveSettings(database.name.text),
      files: [
        ...this.#to.files,
        {
          path: "/etc/slipway/pgbackrest.conf",
          content: pgbackrestConf({
            stanza: database.name.text,
            dataFolder,
            repository: this.#to.pgbackrest,
            keep: this.#keep,
            isElsewhere: this.#to.isElsewhere,
          }),
        },
      ],
      secrets: [
        {
          secret: Secret.composed(`${this.name}_pgbackrest_conf`, [
            "[global]\nrepo1-cipher-pass=",
            this.#passphrase,
            ...options.flatMap(([key, secret]) => [`\n${key}=`, secret]),
            "\n",
          ]),
          path: "/run/secrets/pgbackrest/secrets.conf",
        },
        ...this.#to.secrets(this.name.text),
      ],
      volumes: [
        ...this.#repositoryVolumes("databases"),
        {
          volume: {
            name: `${database.name}-backup-socket`,
            storage: LocalDisk.volumes(),
            folder: "socket",
            keep: false,
            shared: true,
          },
          path: SOCKET_FOLDER,
        },
      ],
      networks: this.#to.isElsewhere ? [this.#network] : [],
    };
  }

  #repositoryVolumes(part: keyof typeof USERS): readonly VolumeMount[] {
    const { storage } = this.#to;
    if (storage === undefined) return [];
    const keep = this.#environment.purpose === "production";
    const volume = { name: `${this.name}-${part}`, storage, folder: part, keep, shared: true };
    return [{ volume, path: `${MOUNT}/${part}` }];
  }

  /** When the last runs were, and what restic remembers of its repository. */
  #state(name: Name): VolumeMount {
    const volume = { name: `${name}-state`, storage: LocalDisk.volumes(), folder: "state", keep: false };
    return { volume, path: JOBS_STATE };
  }

  #workloadOf(part: string): Name {
    return Name.of(`${this.name}-${part}`);
  }

  #check({ of }: BackupProps): void {
    const refuse = (what: string, got: string, allowed: string, fix: string) => {
      throw new InvalidValue({ what: `${what} of ${this.path}`, got, allowed, fix });
    };
    if (of.length === 0) refuse("of", "nothing", "databases and shared folders", "Write of: [db, shared]");
    const stranger = of.find((one) => Environment.of(one) !== this.#environment);
    if (stranger !== undefined) {
      refuse("of", stranger.node.path, "what is in the same stack", "Make a Backup in that stack");
    }
    if (this.#keep.milliseconds % DAY.milliseconds !== 0 || this.#keep.milliseconds === 0) {
      refuse("keep", `${this.#keep}`, "whole days, at least one", 'Write keep: "30 days"');
    }
    if (this.#every.milliseconds < 60_000) {
      refuse("every", `${this.#every}`, "at least 1 minute", 'Write every: "6 hours"');
    }
    if (this.#full.compare(this.#every) < 0 || this.#full.compare(this.#keep) > 0) {
      refuse(
        "full",
        `${this.#full}`,
        `from every, ${this.#every}, to keep, ${this.#keep}`,
        `Write full: "${this.#every}" or more`,
      );
    }
    const others = this.#environment.node.findAll().filter((one) => one instanceof Backup && one !== this);
    if (others.length > 0) {
      refuse(
        "place",
        `beside ${others[0]?.node.path}`,
        "one Backup in a stack",
        "Add to of of the first one",
      );
    }
  }
}
