/** What vitest's JSON reporter writes, as far as it is read. */
export interface VitestReport {
  readonly testResults: readonly VitestFile[];
}

export interface VitestFile {
  /** Absolute path. */
  readonly name: string;
  readonly status: string;
  /** Why the file could not be run; empty when its tests ran. */
  readonly message: string;
  readonly assertionResults: readonly VitestResult[];
}

/** Whether a file failed without a failing test: its set-up or its imports broke. */
export function isBroken({ status, assertionResults }: VitestFile): boolean {
  return status === "failed" && !assertionResults.some((one) => one.status === "failed");
}

export interface VitestResult {
  readonly status: string;
  /** Names of the groups it is in, and its own. */
  readonly fullName: string;
  readonly failureMessages: readonly string[];
}
