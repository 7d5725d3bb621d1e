import { type SshFolder, writeSshFolder } from "../../modules/engine/ssh-folder.ts";
import { Host, type HostRole } from "../../modules/hosts/host.ts";
import { type Machine, searchPath, thisMachine } from "../setup/machine.ts";

/** A host of a stack, as the verbs reach it. */
export interface StackHost {
  readonly name: string;
  readonly roles: readonly HostRole[];
  readonly host: Host;
  /** This machine, as one whose Docker client talks to the engine of the host. */
  readonly client: Machine;
  /** Undefined for a host that is reached without SSH. */
  readonly ssh: SshFolder | undefined;
}

/** The engine of this machine, or the one that DOCKER_HOST names. */
export const HERE: StackHost = stackHost(Host.local(), "");

/** @param sshFolder absolute, for what ssh needs to reach the hosts of the stack */
export function stackHost(host: Host, sshFolder: string): StackHost {
  const ssh = writeSshFolder(sshFolder, host);
  return { name: host.name.text, roles: host.roles, host, client: clientOf(host, ssh), ssh };
}

function clientOf(host: Host, ssh: SshFolder | undefined): Machine {
  if (host.engine === undefined) return thisMachine;
  const env = {
    DOCKER_HOST: host.engine,
    ...(ssh !== undefined && { PATH: `${ssh.bin}:${searchPath()}` }),
  };
  return {
    ...thisMachine,
    env: { ...process.env, ...env, DOCKER_CONTEXT: undefined },
    run: (command, options = {}) => thisMachine.run(command, { ...options, env: { ...env, ...options.env } }),
  };
}
