import type { WrittenVolume } from "../../engine/written-workload.ts";
import { mountUnitName } from "../storage/smb-mount.ts";

/** A folder of another storage, mounted where a workload has it. */
export interface Mount {
  readonly unit: string;
  readonly content: string;
  /** The same as a line of fstab(5), for a host without systemd. */
  readonly line: string;
  readonly packages: readonly string[];
}

/** @returns undefined for a volume that is a folder of the machine */
export function mountOf(volume: WrittenVolume, where: string): Mount | undefined {
  const { type, o: options = "", device } = volume.options;
  if (type === undefined || device === undefined) return undefined;
  // Docker's options name the server apart; mount(8) wants it before the path.
  const server = /(?:^|,)addr=([^,]+)/.exec(options)?.[1];
  const what = type.startsWith("nfs") && server !== undefined ? `${server}${device}` : device;
  const kept = options.split(",").filter((option) => !option.startsWith("addr=") && option !== "");
  const bind = kept.includes("bind");
  const kind = bind ? "none" : type;
  const remote = type.startsWith("nfs") ? ["_netdev"] : [];
  const all = [...kept, ...remote];
  return {
    unit: mountUnitName(where),
    content: `# Written by Slipway.
[Unit]
Description=${volume.name} on ${volume.storage}
${bind ? "" : "After=network-online.target\nWants=network-online.target\n"}
[Mount]
What=${what}
Where=${where}
Type=${kind}
Options=${all.join(",")}

[Install]
WantedBy=multi-user.target
`,
    line: `${what} ${where} ${kind} ${all.join(",")} 0 0\n`,
    packages: type.startsWith("nfs") ? ["nfs-common"] : [],
  };
}
