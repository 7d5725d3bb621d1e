import { type MountOption, optionText } from "../../storage/mount-option.ts";

export interface SmbMountProps {
  /** `//server/name` */
  readonly share: string;
  /** Absolute. */
  readonly mountPoint: string;
  readonly options: readonly MountOption[];
}

/**
 * A unit that mounts a share when the network is up, and before the engine starts what is in it; systemd.mount(5). Without
 * it the engine starts all the same, and containers that need a folder of it stay down until they are started again.
 */
export function smbMountUnit({ share, mountPoint, options }: SmbMountProps): string {
  return `# Written by Slipway; changes are lost.
[Unit]
Description=Shared folders of ${share}
Wants=network-online.target
After=network-online.target
Before=docker.service

[Mount]
What=${share}
Where=${mountPoint}
Type=cifs
Options=_netdev,${optionText(options)}
TimeoutSec=60

[Install]
WantedBy=multi-user.target docker.service
`;
}

/** Name of the unit for a mount point, as `systemd-escape --path` gives it. */
export function mountUnitName(mountPoint: string): string {
  const escaped = mountPoint
    .replace(/^\/+|\/+$/g, "")
    .replace(/[^A-Za-z0-9:_./]/g, (other) => `\\x${other.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .replaceAll("/", "-");
  return `${escaped}.mount`;
}
