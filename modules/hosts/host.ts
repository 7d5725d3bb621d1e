/**
 * A machine that a stack runs on, from the context of cdktf.json:
 *
 *     "prod": { "hosts": [{ "name": "web-1", "address": "ssh://deploy@203.0.113.10", "hostKeys": ["ssh-ed25519 AAAA…"] }] }
 */
import { isIPv6 } from "node:net";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";

/** What a host is for; the placement of Swarm looks at it, and the firewall that `bootstrap` writes. */
export const HOST_ROLES = ["manager", "web", "db", "storage", "edge"] as const;
export type HostRole = (typeof HOST_ROLES)[number];

const USUAL_PORT = 22;
/** A type and a key in base64, as in known_hosts and in ssh_host_*_key.pub; sshd(8). */
const HOST_KEY =
  /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-[a-z0-9@.-]+) [A-Za-z0-9+/]+={0,2}$/;
/** Starts with no hyphen: ssh would take it for an option. */
const USER = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** Where SSH finds a host, and who it is there. */
export interface SshAddress {
  /** A name or an IP address, without brackets. */
  readonly hostname: string;
  /** Undefined: as the user's own ssh configuration says. */
  readonly user: string | undefined;
  /** @default 22 */
  readonly port: number;
}

export interface HostProps {
  readonly name: Name | string;
  /** `ssh://user@host:port` or `unix:///path`. */
  readonly address: string;
  /** Public keys of the host's SSH server, without its name, such as `ssh-ed25519 AAAA…`. @default none */
  readonly hostKeys?: readonly string[];
  /** @default all: the only host does everything */
  readonly roles?: readonly HostRole[];
  /** File of the private key that opens it. @default what ssh finds itself: its agent, ~/.ssh */
  readonly identity?: string;
  /** IP address at which the other hosts of a Swarm reach it. @default that of its address */
  readonly advertise?: string;
}

/** The engine of a host, in words. */
export const engineOf = ({ engine }: Host): string => engine ?? "the engine of this machine";

/** Names and IP addresses that others reach a host by, as far as a stack says them. */
export const addressesOf = ({ ssh, advertise }: Host): readonly string[] =>
  [ssh?.hostname, advertise].filter((address) => address !== undefined);

/** A machine with an engine. */
export class Host {
  /** Keeps other classes with the same members from being taken for a host. */
  protected declare readonly brand: "Host";
  readonly name: Name;
  /** What DOCKER_HOST would say; undefined is this machine's engine, or the one that DOCKER_HOST does name. */
  readonly engine: string | undefined;
  /** Where SSH leads to it; undefined when it is reached without. */
  readonly ssh: SshAddress | undefined;
  readonly hostKeys: readonly string[];
  readonly roles: readonly HostRole[];
  readonly identity: string | undefined;
  readonly advertise: string | undefined;

  private constructor(name: Name, engine: string | undefined, ssh: SshAddress | undefined, props: Details) {
    this.name = name;
    this.engine = engine;
    this.ssh = ssh;
    this.hostKeys = props.hostKeys ?? [];
    this.roles = props.roles ?? HOST_ROLES;
    this.identity = props.identity;
    this.advertise = props.advertise;
    Object.freeze(this);
  }

  /** This machine, or the one whose engine DOCKER_HOST names. */
  static local(): Host {
    return new Host(Name.of("local"), undefined, undefined, {});
  }

  /**
   * A host by its address.
   * @throws InvalidValue for an address that is none, and for one of SSH whose keys nobody pinned
   */
  static of({ name, address, ...details }: HostProps): Host {
    const checked = Name.of(name);
    if (/^unix:\/\/\/[^\s]+$/.test(address)) return new Host(checked, address, undefined, details);
    const ssh = sshAddress(address);
    if (ssh === undefined) throw badAddress(checked, address);
    const { hostKeys = [] } = details;
    if (hostKeys.length === 0) throw unpinned(checked, ssh);
    const bad = hostKeys.find((key) => !HOST_KEY.test(key));
    if (bad !== undefined) throw badKey(checked, bad);
    return new Host(checked, engineAddress(ssh), ssh, details);
  }
}

type Details = Pick<HostProps, "hostKeys" | "roles" | "identity" | "advertise">;

function sshAddress(address: string): SshAddress | undefined {
  const url = address.startsWith("ssh://") && URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.password !== "" || !/^\/?$/.test(url.pathname)) return undefined;
  if (url.search !== "" || url.hash !== "") return undefined;
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const user = url.username === "" ? undefined : decodeURIComponent(url.username);
  if (!isIPv6(hostname) && !/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(hostname)) return undefined;
  if (user !== undefined && !USER.test(user)) return undefined;
  return { hostname, user, port: url.port === "" ? USUAL_PORT : Number(url.port) };
}

/** As Docker's client takes it. */
function engineAddress({ hostname, user, port }: SshAddress): string {
  const host = isIPv6(hostname) ? `[${hostname}]` : hostname;
  return `ssh://${user === undefined ? "" : `${user}@`}${host}${port === USUAL_PORT ? "" : `:${port}`}`;
}

function badAddress(name: Name, got: string): InvalidValue {
  return new InvalidValue({
    what: `address of the host ${name}`,
    // A password in an address is no text for a terminal.
    got: got.replace(/(:\/\/[^/@:]*):[^/@]*@/, "$1:…@"),
    allowed: '"ssh://user@host", with a port where it is not 22, or "unix:///path/of/docker.sock"',
    fix: 'Write "ssh://deploy@203.0.113.10", or leave hosts out for the engine of this machine',
  });
}

function unpinned(name: Name, { hostname, port }: SshAddress): InvalidValue {
  const words = ["ssh-keyscan", ...(port === USUAL_PORT ? [] : ["-p", `${port}`]), "-t ed25519", hostname];
  return new InvalidValue({
    what: `hostKeys of the host ${name}`,
    got: "none",
    allowed: 'a list of the public keys of its SSH server, such as ["ssh-ed25519 AAAA…"]',
    fix: `Ask for its key with ${words.join(" ")}, compare it with cat /etc/ssh/ssh_host_ed25519_key.pub on the host's own console, and write the type and the key there`,
  });
}

function badKey(name: Name, got: string): InvalidValue {
  return new InvalidValue({
    what: `key of the host ${name}`,
    got,
    allowed: 'a type and a key in base64, such as "ssh-ed25519 AAAA…"',
    fix: "Leave out the name before them and the comment behind",
  });
}
