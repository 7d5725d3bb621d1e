import type { IConstruct } from "constructs";
import { Hostname } from "../values/hostname.ts";
import { Port } from "../values/port.ts";
import { contextOf } from "./settings.ts";
import { z } from "./zod.ts";

/** Messages are what is allowed, as `contextOf` says it. */
const PORT = "a whole number from 1 to 65535";
const port = z.int(PORT).min(1, PORT).max(65535, PORT);

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
  },
  "an object with the keys hostname, aliases, address, ports",
);

/** Where a stack goes: the values in which two deployments of the same stack differ. */
export interface Target {
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

/**
 * The target of a stack, from the context of the same name in cdktf.json.
 * @throws InvalidValue for a key or a value that is not allowed.
 */
export function targetOf(scope: IConstruct, stack: string): Target {
  const { hostname, aliases, address, ports } = contextOf(
    scope,
    Schema,
    scope.node.tryGetContext(stack) ?? {},
    [stack],
  );
  return {
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
