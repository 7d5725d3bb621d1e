import { resolve } from "node:path";
import type { IConstruct } from "constructs";
import type * as zod from "zod";
import { HOST_ROLES, Host } from "../hosts/host.ts";
import { Hostname } from "../values/hostname.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Port } from "../values/port.ts";
import { contextOf } from "./settings.ts";
import { z } from "./zod.ts";

/** Messages are what is allowed, as `contextOf` says it. */
const PORT = "a whole number from 1 to 65535";
const port = z.int(PORT).min(1, PORT).max(65535, PORT);

const ROLES = `a list of what it is for: ${HOST_ROLES.join(", ")}`;
const KEYS = 'a list of the public keys of its SSH server, such as ["ssh-ed25519 AAAA…"]';
const HOSTS = 'a list of hosts, such as [{ "name": "web-1", "address": "ssh://deploy@203.0.113.10" }]';

const HostSchema = z.strictObject(
  {
    name: z.string("a name such as web-1"),
    address: z.string('"ssh://user@host" or "unix:///path/of/docker.sock"'),
    hostKeys: z.array(z.string(KEYS), KEYS).default([]),
    roles: z.array(z.enum(HOST_ROLES, ROLES), ROLES).min(1, ROLES).optional(),
    identity: z.string("the file of a private key").min(1, "the file of a private key").optional(),
    advertise: z.union([z.ipv4(), z.ipv6()], "an IPv4 or IPv6 address").optional(),
  },
  "an object with the keys name, address, hostKeys, roles, identity, advertise",
);

const Schema = z.strictObject(
  {
    hostname: z.string("a host name").default("localhost"),
    /** Other names that visitors may use. */
    aliases: z.array(z.string("a host name"), "a list of host names").default([]),
    address: z.union([z.ipv4(), z.ipv6()], "an IPv4 or IPv6 address").default("127.0.0.1"),
    ports: z
      .strictObject(
        { http: port, https: port, admin: port.optional() },
        'two ports, such as { "http": 80, "https": 443 }',
      )
      .default({ http: 8080, https: 8443 }),
    hosts: z.array(HostSchema, HOSTS).min(1, HOSTS).optional(),
  },
  "an object with the keys hostname, aliases, address, ports, hosts",
);

/** Where visitors find a site. */
export interface PublicAddress {
  /** The name that visitors type. */
  readonly hostname: Hostname;
  /** Other names for the same site. */
  readonly aliases: readonly Hostname[];
  /** Address of the host that the edge listens on. */
  readonly address: string;
  readonly ports: {
    readonly http: Port;
    readonly https: Port;
    /** Port of the host's 127.0.0.1 that `Admin.throughTunnel()` leads to. @default 8001 */
    readonly admin?: Port;
  };
}

/** Where a stack goes: the values in which two deployments of the same stack differ. */
export interface Target extends PublicAddress {
  /** The machines that it runs on. @default this one */
  readonly hosts: readonly Host[];
  /** The first of them: for a stack that runs on one. */
  readonly host: Host;
}

/**
 * The target of a stack, from the context of the same name in cdktf.json.
 * @throws InvalidValue for a key or a value that is not allowed.
 */
export function targetOf(scope: IConstruct, stack: string): Target {
  const {
    hostname,
    aliases,
    address,
    ports,
    hosts: written,
  } = contextOf(scope, Schema, scope.node.tryGetContext(stack) ?? {}, [stack]);
  const hosts = written === undefined ? [Host.local()] : written.map((host) => hostOf(host));
  const [host = Host.local()] = hosts;
  refuseTwins(stack, hosts);
  return {
    hosts,
    host,
    hostname: Hostname.of(hostname),
    aliases: aliases.map((alias) => Hostname.of(alias)),
    address,
    ports: {
      http: Port.of(ports.http),
      https: Port.of(ports.https),
      ...(ports.admin !== undefined && { admin: Port.of(ports.admin) }),
    },
  };
}

function hostOf({ roles, identity, advertise, ...host }: zod.infer<typeof HostSchema>): Host {
  return Host.of({
    ...host,
    ...(roles !== undefined && { roles }),
    ...(advertise !== undefined && { advertise }),
    // A file of the project, unless it is said where else; ssh itself reads the tilde.
    ...(identity !== undefined && { identity: identity.startsWith("~") ? identity : resolve(identity) }),
  });
}

/** @throws InvalidValue when two hosts have one name, or are one machine */
function refuseTwins(stack: string, hosts: readonly Host[]): void {
  for (const of of ["name", "engine"] as const) {
    const seen = hosts.map((host) => `${host[of]}`);
    const twin = seen.find((value, at) => seen.indexOf(value) !== at);
    if (twin === undefined) continue;
    throw new InvalidValue({
      what: `context ${stack}.hosts`,
      got: twin,
      allowed: `hosts of which each has ${of === "name" ? "a name" : "an address"} of its own`,
      fix: "Correct it in the context of cdktf.json, or in CDKTF_CONTEXT_JSON",
    });
  }
}
