import { join } from "node:path";
import { DESCRIPTION_FILE } from "../../modules/environment/description-file.ts";
import type { Machine } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import { descriptionOf } from "./description.ts";
import type { Stack } from "./stack.ts";

/** A way to the administration of a stack, as `modules/edge/admin.ts` tells them apart. */
export interface Entrance {
  /** Construct path of its edge. */
  readonly edge: string;
  readonly mode: "over-tls" | "through-tunnel";
  /** Name of the site, which is that of its certificate. */
  readonly hostname: string;
  /** Port of the engine's host. */
  readonly port: number;
  /** Where the administration is, as far as that is known. */
  readonly paths: readonly string[];
}

/**
 * The ways to the administration of a stack, as it was written last.
 * @throws Problem when it was never written from here, or has none
 */
export function entrancesOf(stack: Stack): readonly Entrance[] {
  const { edges } = descriptionOf(stack) ?? {};
  if (edges === undefined) {
    throw new Problem({
      what: `There is no description of the stack ${stack.name}, so nobody knows its edges.`,
      value: join(stack.folder, DESCRIPTION_FILE),
      fix: `npm start -- ${stack.name} writes it`,
    });
  }
  const entrances = edges.flatMap(({ path, admin, hostname, ports, routes }): Entrance[] => {
    const port = admin === "through-tunnel" ? ports.admin : ports.https;
    if (admin === "disabled" || port === null) return [];
    const paths = routes.flatMap(({ adminPaths }) => adminPaths).filter((one) => !one.includes("*"));
    return [{ edge: path, mode: admin, hostname, port, paths: [...new Set(paths)] }];
  });
  if (entrances.length > 0) return entrances;
  throw new Problem({
    what: `The administration is disabled in every edge of the stack ${stack.name}.`,
    allowed: "an edge with admin: Admin.throughTunnel() or admin: Admin.overTls()",
    fix: `write admin: Admin.throughTunnel() in the edge of stacks/${stack.name}.ts, then npm start -- ${stack.name}`,
  });
}

/** Where SSH leads to the machine of an engine. */
export interface SshHost {
  /** `host` or `user@host`. */
  readonly destination: string;
  readonly port: string | undefined;
  /** File with the host's pinned keys; undefined: the user's own configuration knows the host. */
  readonly config: string | undefined;
}

/**
 * The machine of the edge of a stack; undefined for this one.
 * @throws Problem when there is no SSH to it by what is known
 */
export async function sshHostOf(
  { name, hosts }: Pick<Stack, "name" | "hosts">,
  machine: Machine,
): Promise<SshHost | undefined> {
  const host = hosts.find(({ roles }) => roles.includes("edge")) ?? hosts[0];
  const address = host?.host.engine ?? (await usualHost(machine));
  if (address === undefined || /^(unix|npipe|fd):/.test(address)) return undefined;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === "ssh:" && url.hostname !== "") {
    const user = url.username === "" ? "" : `${decodeURIComponent(url.username)}@`;
    return {
      destination: user + url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port === "" ? undefined : url.port,
      config: host?.ssh?.config,
    };
  }
  if (/^(localhost|127\.[\d.]+|\[::1\])$/.test(url?.hostname ?? "")) return undefined;
  throw new Problem({
    what: `The engine of the stack ${name} is elsewhere, and not reached by SSH.`,
    value: address,
    allowed: "an engine of this machine, or an address such as ssh://user@host",
    fix: "open the tunnel by hand: ssh -N -L 8001:127.0.0.1:8001 user@host",
  });
}

/** The engine of who says nothing in the stack. */
async function usualHost(machine: Machine): Promise<string | undefined> {
  const { DOCKER_CONTEXT: context, DOCKER_HOST: host } = machine.env;
  if (!context) return host || undefined;
  const format = "{{.Endpoints.docker.Host}}";
  const { code, stdout, stderr } = await machine.run([
    "docker",
    "context",
    "inspect",
    context,
    "--format",
    format,
  ]);
  if (code === 0) return stdout.trim() || undefined;
  throw new Problem({
    what: "The context that DOCKER_CONTEXT names is not known.",
    value: stderr.trim() || context,
    fix: "name one of `docker context ls`, or unset DOCKER_CONTEXT",
  });
}

/** Arguments of ssh for a tunnel: each port of this machine leads to one of the host's own loopback address. */
export function tunnelArguments(
  { destination, port, config }: SshHost,
  ports: readonly { readonly here: number; readonly there: number }[],
): readonly string[] {
  return [
    "-N",
    ...(config === undefined ? [] : ["-F", config]),
    // A shared connection would keep the tunnel open after its end; here somebody can answer a question.
    ...["-o", "ControlPath=none", "-o", "BatchMode=no"],
    ...["-o", "ExitOnForwardFailure=yes", "-o", "ServerAliveInterval=30"],
    ...(port === undefined ? [] : ["-p", port]),
    ...ports.flatMap(({ here, there }) => ["-L", `127.0.0.1:${here}:127.0.0.1:${there}`]),
    ...["--", destination],
  ];
}
