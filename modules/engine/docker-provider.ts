import { relative } from "node:path";
import { DockerProvider, type DockerProviderConfig } from "@cdktf/provider-docker/lib/provider/index.js";
import type { TerraformStack } from "cdktf";
import type { Host } from "../hosts/host.ts";
import type { Plan } from "./engine.ts";
import { type SshFolder, writeSshFolder } from "./ssh-folder.ts";
import { OLDEST_TERRAFORM } from "./terraform-version.ts";

/** Every provider version from 4.6 on replaces a container whose health check changed; older ones ignore it. */
const PROVIDER_VERSION = "~> 4.6";

/** How Docker's client reaches the engine of a host, in a shell that runs in the folder of the stack. */
export interface ClientAccess {
  /** What DOCKER_HOST is set to; undefined leaves it as it is. */
  readonly host: string | undefined;
  /** Folder to be put before the others of PATH, relative to that of the stack. @default none */
  readonly path: string | undefined;
}

/** The provider of one host's engine. */
export interface HostProvider {
  readonly provider: DockerProvider;
  readonly client: ClientAccess;
}

/**
 * Adds the provider for the engine of a host to a stack.
 * @param alias where the stack has several hosts, the resources of each name its provider. @default the stack's only one
 */
export function provideDocker(
  stack: TerraformStack,
  host: Host,
  { sshFolder, workingDirectory }: Pick<Plan, "sshFolder" | "workingDirectory">,
  alias?: string,
): HostProvider {
  const ssh = writeSshFolder(sshFolder, host);
  const config: DockerProviderConfig = {
    ...(host.engine !== undefined && { host: host.engine }),
    ...(ssh !== undefined && { sshOpts: ["-F", relative(workingDirectory, ssh.config)] }),
    ...(alias !== undefined && { alias }),
  };
  const provider = new DockerProvider(stack, alias === undefined ? "docker" : `docker-${alias}`, config);
  stack.addOverride("terraform.required_providers.docker.version", PROVIDER_VERSION);
  stack.addOverride("terraform.required_version", `>= ${OLDEST_TERRAFORM.join(".")}`);
  return { provider, client: accessBy(host, ssh, workingDirectory) };
}

/** How Docker's client reaches a host that no resource is made on. */
export function clientAccess(
  host: Host,
  { sshFolder, workingDirectory }: Pick<Plan, "sshFolder" | "workingDirectory">,
): ClientAccess {
  return accessBy(host, writeSshFolder(sshFolder, host), workingDirectory);
}

function accessBy(host: Host, ssh: SshFolder | undefined, workingDirectory: string): ClientAccess {
  return { host: host.engine, path: ssh && relative(workingDirectory, ssh.bin) };
}
