/** What an init system needs to know of an instance. */
export interface Service {
  /** Of the unit and of the script. */
  readonly name: string;
  readonly description: string;
  readonly account: string;
  /** Folder that it starts in. */
  readonly directory: string;
  /** Absolute path and arguments. */
  readonly command: readonly string[];
  /** Run as the same account when it answers; it must end by itself. @default none */
  readonly after?: readonly string[];
  /** Program that says whether it does its job. */
  readonly health: string;
  /** File with its variables, `NAME='value'` a line. */
  readonly environment: string;
  /** Folder below /run, without that; it has a folder `tmp`. */
  readonly run: string;
  readonly log: string;
  /** Folders that it may write to, beside that of /run. */
  readonly writes: readonly string[];
  /** A folder below /run that a package makes at boot, where that has systemd. @default none */
  readonly sockets?: string;
  /** Folders of other storage, which has to be mounted first, and their units. */
  readonly mounts: readonly { readonly path: string; readonly unit: string }[];
  /** Folders below those of all stacks that it may read, beside those that it writes to. */
  readonly reads: readonly string[];
  /** Services of this machine that have to be there first. */
  readonly needs: readonly string[];
  /** Hard limit, in bytes. */
  readonly memory: number;
  readonly processes: number;
  readonly stop: { readonly signal: string; readonly grace: number };
  /** After a crash it recovers first, for as long as that takes. */
  readonly recovers: boolean;
  /** Seconds until it is up. */
  readonly patience: number;
  /** It listens on a port below 1024. */
  readonly privilegedPort: boolean;
  /** A file that makes what runs take its configuration over. @default none */
  readonly reload?: string | undefined;
}
