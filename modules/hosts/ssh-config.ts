import type { Host } from "./host.ts";

/** Seconds that a connection stays open after its last use; a deployment makes dozens. */
const KEPT_SECONDS = 60;
const CONNECT_SECONDS = 15;

/** Files that the configuration names, absolute. */
export interface SshFiles {
  readonly knownHosts: string;
  /** Socket of the shared connection, less the user that it is of; undefined where its path would be too long for one. */
  readonly control: string | undefined;
  /** The user's own configuration and the machine's, in which jump hosts and the like are found. */
  readonly include: readonly string[];
}

/**
 * The configuration of ssh(1) for one host: its pinned keys and no others, one connection for all, no questions.
 * What the user's own configuration says comes after it, so it can add and not weaken; ssh_config(5): the first value counts.
 */
export function sshConfig(host: Host, { knownHosts, control, include }: SshFiles): string {
  const settings = [
    // The keys are looked up under the name of the host, whatever address or jump host leads to it.
    `HostKeyAlias ${host.name}`,
    "StrictHostKeyChecking yes",
    `UserKnownHostsFile ${path(knownHosts)}`,
    "GlobalKnownHostsFile none",
    "KnownHostsCommand none",
    "VerifyHostKeyDNS no",
    "UpdateHostKeys no",
    // Nobody sees a question that is asked below Terraform.
    "BatchMode yes",
    `ConnectTimeout ${CONNECT_SECONDS}`,
    "ServerAliveInterval 15",
    ...(host.identity === undefined ? [] : [`IdentityFile ${path(host.identity)}`, "IdentitiesOnly yes"]),
    ...(control === undefined
      ? ["ControlMaster no", "ControlPath none"]
      : [
          "ControlMaster auto",
          // Who logs in as root must not be given the connection of somebody else.
          `ControlPath "${literal(control)}-%r"`,
          `ControlPersist ${KEPT_SECONDS}`,
        ]),
  ];
  return [
    "# Written by Slipway from the context of cdktf.json; changes are lost.",
    `Host ${host.ssh?.hostname}`,
    ...settings.map((line) => `  ${line}`),
    "Host *",
    ...include.map((file) => `  Include ${path(file)}`),
    "",
  ].join("\n");
}

/** The pinned keys of a host, as sshd(8) describes known_hosts. */
export function knownHosts({ name, hostKeys }: Host): string {
  return hostKeys.map((key) => `${name} ${key}\n`).join("");
}

/** The ssh that Docker's client finds first on its path: it has no other way to be given a configuration. */
export function sshWrapper(): string {
  return `#!/bin/sh
# Written by Slipway. The folder of this file is the first of the path.
here=$(cd "$(dirname "$0")" && pwd)
case $PATH in "$here":*) PATH=\${PATH#*:} ;; esac
exec ssh -F "$here/../config" "$@"
`;
}

function path(file: string): string {
  return `"${literal(file)}"`;
}

/** Percent signs begin tokens of ssh's own. */
function literal(file: string): string {
  return file.replaceAll("%", "%%");
}
