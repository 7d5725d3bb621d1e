import type { Network } from "../engine/network.ts";
import type { ConfigFile, SecretFile, VolumeMount } from "../engine/workload.ts";

/** What a server of PostgreSQL needs to hand its WAL over. */
export interface Archive {
  /** Construct path of the backup. */
  readonly backup: string;
  /** Of postgresql.conf. */
  readonly settings: Readonly<Record<string, string>>;
  readonly files: readonly ConfigFile[];
  readonly secrets: readonly SecretFile[];
  readonly volumes: readonly VolumeMount[];
  /** Where the repository is reached; empty when it is a volume. */
  readonly networks: readonly Network[];
}
