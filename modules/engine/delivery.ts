import type { ConfigFile } from "./workload.ts";

/** The files that an instance gets, the list of their checksums included. */
export interface Delivery {
  readonly files: readonly ConfigFile[];
  readonly secrets: readonly DeliveredSecret[];
}

/** A secret, by where it lies. */
export interface DeliveredSecret {
  /** Absolute path in the container. */
  readonly path: string;
  /** On the machine that deploys, relative to the folder of the stack. */
  readonly source: string;
  /** Changes with the content. */
  readonly fingerprint: string;
}
