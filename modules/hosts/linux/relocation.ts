import { digest } from "../../engine/digest.ts";
import type { ContextFile } from "../export/exported-stack.ts";
import type { Family } from "./family.ts";
import type { Placed, Socket } from "./placement.ts";

/** What stands for something else on a host, longest first where one begins with another. */
type Texts = ReadonlyMap<string, string>;

/** Where an instance has what its container has at fixed places; the same for each text that is written for it. */
export class Relocation {
  readonly #texts: Texts;
  readonly #pattern: RegExp;
  readonly #addresses: readonly (readonly [RegExp, string])[];

  /** @param context files that the image is made of */
  constructor(
    stack: string,
    one: Placed,
    all: readonly Placed[],
    family: Family,
    context: ReadonlyMap<string, ContextFile> = new Map(),
  ) {
    this.#texts = new Map([
      ...folders(stack, one),
      ["/srv/venv", venvOf(stack, one.workload.image, context)],
      ...family.texts,
    ]);
    const words = [...this.#texts.keys()].sort((a, b) => b.length - a.length).map(escaped);
    // A path is one only where it begins and ends: /srv/app is no part of /srv/apps or of /home/srv/app.
    this.#pattern = new RegExp(`(?<![\\w.-])(?:${words.join("|")})(?![\\w-])`, "g");
    this.#addresses = [...others(all), ...own(one)];
  }

  /** A text of the container, as it is on the host. */
  of(text: string): string {
    const relocated = text.replace(this.#pattern, (found) => this.#texts.get(found) ?? found);
    // In one pass each: an address that was written must not be taken for the container's.
    return this.#addresses.length === 0 ? relocated : replaceAll(relocated, this.#addresses);
  }
}

/** Folders of an instance on its host, by what they are in the container. */
function folders(stack: string, { instance, workload }: Placed): [string, string][] {
  const etc = `/etc/slipway/${stack}/${instance}`;
  const opt = `/opt/slipway/${stack}/${instance}`;
  const run = `/run/slipway/${stack}/${instance}`;
  const state = `/var/lib/slipway/${stack}/${instance}`;
  return [
    ["/run/secrets", `${etc}/secrets`],
    ["/dev/shm/slipway", `${etc}/secrets`],
    ["/etc/slipway", etc],
    ["/opt/slipway", `${opt}/lib`],
    ["/usr/local/bin", `${opt}/bin`],
    ["/usr/share/slipway/edge", `${opt}/pages`],
    ["/usr/share/slipway", `${opt}/share`],
    ["/srv/empty", `${opt}/empty`],
    ["/srv/app", `${opt}/app`],
    ["/srv/shared", `${state}/shared`],
    ["/srv/static", `${state}/static`],
    ["/run/slipway", run],
    ["/run/apache2", run],
    ["/run/balancer", run],
    ["/tmp", `${run}/tmp`],
    ["/var/lib/app", state],
    ["/var/lib/slipway", state],
    // A service writes its logs to files: what systemd gives it is a socket, which a path does not open.
    ["/proc/self/fd/2", `/var/log/slipway/${stack}/${instance}/error.log`],
    ["/proc/self/fd/9", `/var/log/slipway/${stack}/${instance}/access.log`],
    ['"|$exec access-log"', `/var/log/slipway/${stack}/${instance}/access.log`],
    ["user=app group=app", "user=slipway-app group=slipway-app"],
    ...workload.volumes.map(({ name, path }): [string, string] => [path, volumeFolder(stack, name)]),
  ];
}

const REQUIREMENTS = /(?:^|\/)(?:server-)?requirements\.txt$/;

/** One for all nodes of a release: another one has its own, or nodes that run would get modules of the next. */
export function venvOf(stack: string, image: string, context: ReadonlyMap<string, ContextFile>): string {
  const wanted = [...context].flatMap(([path, { content }]) =>
    REQUIREMENTS.test(path) ? [`${path}\n${content}`] : [],
  );
  return `/opt/slipway/${stack}/${image}/venv-${digest(wanted).slice(0, 8)}`;
}

export const volumeFolder = (stack: string, volume: string) => `/var/lib/slipway/${stack}/volumes/${volume}`;

/** A server of databases keeps its name, by which its certificate knows it: libpq gets the address beside it. */
function others(all: readonly Placed[]): (readonly [RegExp, string])[] {
  return all.flatMap(({ instance, workload, sockets }) =>
    [...sockets].map(([port, socket]): readonly [RegExp, string] => [
      new RegExp(`(?<![\\w.-])${escaped(instance)}:${port}(?!\\d)`),
      workload.role === "database" ? `${instance}:${socket.port}` : shown(socket),
    ]),
  );
}

function own({ workload, sockets }: Placed): (readonly [RegExp, string])[] {
  return [...sockets].flatMap(([port, socket]): (readonly [RegExp, string])[] => {
    const reached = { ...socket, address: socket.address === "0.0.0.0" ? "127.0.0.1" : socket.address };
    const listen = socket.address === "0.0.0.0" ? String(socket.port) : shown(socket);
    return [
      // The first that matches is taken.
      ...(workload.image === "lighttpd" ? lighttpdSocket(port, socket) : []),
      [new RegExp(`(?<![\\w.-])(?:0\\.0\\.0\\.0|127\\.0\\.0\\.1):${port}(?!\\d)`), shown(reached)],
      // A device of bash.
      [new RegExp(`127\\.0\\.0\\.1/${port}(?!\\d)`), `${reached.address}/${reached.port}`],
      [new RegExp(`\\*:${port}(?!\\d)`), `*:${socket.port}`],
      [new RegExp(`(?<=^|\\n)Listen ${port}(?=\\n)`), `Listen ${listen}`],
      ...(workload.role === "balancer"
        ? [[new RegExp(`(?<=bind ):${port}(?!\\d)`), shown(socket)] as const]
        : []),
    ];
  });
}

/** What lighttpd and its scripts call a port that it listens on. */
function lighttpdSocket(inside: number, { address, port }: Socket): (readonly [RegExp, string])[] {
  return [
    [
      new RegExp(`server\\.bind = "0\\.0\\.0\\.0"\nserver\\.port = ${inside}(?=\n)`),
      `server.bind = "${address}"\nserver.port = ${port}`,
    ],
    [new RegExp(`(?<=\\$SERVER\\["socket"\\] == ")0\\.0\\.0\\.0:${inside}(?=")`), `${address}:${port}`],
    [new RegExp(`(?<=\\["request\\.server-port"\\] == ")${inside}(?=")`), `${port}`],
  ];
}

const shown = ({ address, port }: Socket) => `${address}:${port}`;

/** All at once, the first that matches at a place. */
function replaceAll(text: string, pairs: readonly (readonly [RegExp, string])[]): string {
  const all = new RegExp(pairs.map(([pattern], at) => `(?<p${at}>${pattern.source})`).join("|"), "g");
  return text.replace(all, (...found) => {
    const groups = found.at(-1) as Record<string, string | undefined>;
    const at = pairs.findIndex((_, index) => groups[`p${index}`] !== undefined);
    return pairs[at]?.[1] ?? found[0];
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
