import { relative } from "node:path";
import { sha256 } from "./digest.ts";
import type { Plan } from "./engine.ts";
import { type ConfigFile, secretPath, type Workload } from "./workload.ts";

/** Where an instance lists the checksums of its configuration files; `health` in every image reads it. */
export const CHECKSUMS = "/etc/slipway/files.sha256";

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

/** What the instances of a workload get. */
export function deliveryOf(
  workload: Workload,
  { secrets, workingDirectory }: Pick<Plan, "secrets" | "workingDirectory">,
): Delivery {
  // The provider cannot upload an empty file.
  const delivered = workload.files.filter(({ content }) => content !== "");
  const checksums = delivered.map(({ path, content }) => `${sha256(content)}  ${path}\n`).join("");
  return {
    files: delivered.length > 0 ? [...delivered, { path: CHECKSUMS, content: checksums }] : [],
    secrets: workload.secrets.map((file) => {
      const stored = secrets.get(file.secret);
      return {
        path: secretPath(file),
        source: relative(workingDirectory, stored.file),
        fingerprint: stored.fingerprint,
      };
    }),
  };
}
