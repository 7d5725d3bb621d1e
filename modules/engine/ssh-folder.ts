import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Host } from "../hosts/host.ts";
import { knownHosts, sshConfig, sshWrapper } from "../hosts/ssh-config.ts";
import { sha256 } from "./digest.ts";

/** Of a Unix socket's path, unix(7), less what ssh appends while it makes one, and the name of a user. */
const LONGEST_SOCKET = 107 - 17 - 33;

/** What ssh needs to reach one host, as files of this machine. */
export interface SshFolder {
  readonly config: string;
  /** Folder with an `ssh` that uses the configuration; to be the first of the path of Docker's client. */
  readonly bin: string;
}

/**
 * Writes the configuration of ssh for a host; undefined for one that is reached without.
 * @param folder absolute, for the hosts of one stack
 */
export function writeSshFolder(folder: string, host: Host): SshFolder | undefined {
  if (host.ssh === undefined) return undefined;
  const own = join(folder, host.name.text);
  const bin = join(own, "bin");
  mkdirSync(bin, { recursive: true, mode: 0o700 });
  const sockets = join(homedir(), ".ssh");
  mkdirSync(sockets, { recursive: true, mode: 0o700 });
  const files = { config: join(own, "config"), knownHosts: join(own, "known_hosts") };
  const control = join(sockets, `slipway-${mark(host)}`);
  const text = sshConfig(host, {
    knownHosts: files.knownHosts,
    control: Buffer.byteLength(control) > LONGEST_SOCKET ? undefined : control,
    include: [join(homedir(), ".ssh/config"), "/etc/ssh/ssh_config"],
  });
  writeFileSync(files.knownHosts, knownHosts(host), { mode: 0o600 });
  writeFileSync(files.config, text, { mode: 0o600 });
  writeFileSync(join(bin, "ssh"), sshWrapper(), { mode: 0o700 });
  return { config: files.config, bin };
}

/** Of all that a connection is made by: one that was made by other keys must not be found again. */
function mark({ engine, hostKeys, identity }: Host): string {
  return sha256(JSON.stringify([engine, hostKeys, identity])).slice(0, 16);
}
