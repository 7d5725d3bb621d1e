/** What is exported, and to whom. */
export interface ExportProps {
  /** Absolute. */
  readonly path: string;
  /** Addresses or names of the hosts that mount; a word of the shell may stand for them. */
  readonly clients: readonly string[];
  /** User and group, by number, that all files belong to. */
  readonly owner: number;
}

/**
 * A line of exports(5). `sync`: what a node was told is written is on the disk. `all_squash`: whoever asks is the owner of
 * the files, so a root of a client is nobody here. `crossmnt`: datasets below are seen through it.
 */
export function exportLine({ path, clients, owner }: ExportProps): string {
  const options = `rw,sync,no_subtree_check,crossmnt,all_squash,anonuid=${owner},anongid=${owner},sec=sys`;
  return `"${path}" ${clients.map((client) => `${client}(${options})`).join(" ")}`;
}

/** Of the server as a whole, nfs.conf(5): after a restart nobody gets a lock before the grace period is over. */
export function nfsConf(): string {
  return `# Written by Slipway (npm run storage); changes are lost.
# Nodes go on half a minute after a restart, and not after one and a half.
[nfsd]
grace-time=30
lease-time=30
`;
}
