import { setTimeout as sleep } from "node:timers/promises";
import { type Check, none } from "../check.ts";
import { authority, open } from "../connection.ts";
import { stall } from "../http2.ts";
import type { Site } from "../site.ts";
import { beginningOf, drip, endOf } from "../slow-connection.ts";
import { staticPathsOf } from "./static-files.ts";

/** What the recipe allows. */
const SECONDS = 20;
/** For the way, and for what the other side does when the time is up. */
const TOLERANCE = 1;
const EVERY = 1000;
/** Requests on one connection: servers end it after 1000. */
const AHEAD = 900;
/** What a kernel may hold for both ends of a connection: the last values of net.ipv4.tcp_wmem and tcp_rmem, tcp(7). */
const KERNEL_BUFFERS = 10 * 2 ** 20;
/** The engine's proxy for the loopback interface holds megabytes by itself, on two connections. */
const ENGINE_BUFFERS = 2 * KERNEL_BUFFERS;

/** A check for each way in which a client can hold on to a connection, with the seconds after which it must be cut. */
export function slowClients(limit = SECONDS): readonly Check[] {
  return [slowHandshake, slowHeader, slowBody, slowReader, stalledStream].map((check) => check(limit));
}

const slowHeader = (limit: number): Check => ({
  name: `A client that sends its header a byte at a time is cut within ${limit} s`,
  recipe: "recipe 1; known failure: Slowloris",
  run: (site) => slowly(site, limit, beginningOf("header", site, site.home)),
});

const slowBody = (limit: number): Check => ({
  name: `A client that sends its body a byte at a time is cut within ${limit} s`,
  recipe: "recipe 1; known failure: R.U.D.Y.",
  run: (site) => slowly(site, limit, beginningOf("body", site, site.home)),
});

const slowHandshake = (limit: number): Check => ({
  name: `A client that connects and says nothing is cut within ${limit} s`,
  recipe: "recipe 1",
  run: (site) => slowly(site, limit, ""),
});

const slowReader = (limit: number): Check => ({
  name: `A client that does not take its answers is cut within ${limit} s`,
  recipe: "recipe 1; known failure: slow read",
  async run(site) {
    const path = await largestOf(site);
    const request = (connection: string) =>
      `GET ${path} HTTP/1.1\r\nHost: ${authority(site)}\r\nConnection: ${connection}\r\n\r\n`;
    const ahead = request("keep-alive").repeat(AHEAD - 1) + request("close");
    const way = await directWay(site);
    // What somebody gets who takes everything at once.
    const whole = await taken(site, way, ahead, 0);
    const start = Date.now();
    const late = await taken(site, way, ahead, (limit + TOLERANCE) * 1000);
    const part = `${(late.bytes / 2 ** 20).toFixed(1)} of ${(whole.bytes / 2 ** 20).toFixed(1)} MiB`;
    const cut = late.over && late.bytes < whole.bytes * 0.98;
    // Where all of it fits into buffers, nobody was kept waiting.
    const buffers = way === undefined ? ENGINE_BUFFERS : KERNEL_BUFFERS;
    if (late.over && !cut && whole.bytes < buffers)
      return none(late.deviations, `not to be judged: ${part} fit into the buffers on the way`, "");
    return none(
      [...(cut ? [] : [`still served after ${seconds(start)} s: ${part}`]), ...late.deviations],
      `cut within ${limit + TOLERANCE} s, after ${part}; good requests were answered`,
      `cut within ${limit} s, and the others served`,
    );
  },
});

const stalledStream = (limit: number): Check => ({
  name: `A client that makes no room for its answer over HTTP/2 is cut within ${limit} s`,
  recipe: "recipe 1; known failure: slow read, CVE-2016-8740 and its like",
  async run(site) {
    if (!site.declared.protocols.includes("h2")) return none([], "HTTP/2 is not declared", "");
    const patience = limit + TOLERANCE;
    const stalled = stall(site, await largestOf(site), patience);
    const good = await meanwhile(
      site,
      stalled.then(() => undefined),
      patience * 1000,
    );
    const after = await stalled;
    return none(
      [...(after === undefined ? [`still open after ${patience} s`] : []), ...good],
      `cut after ${after?.toFixed(1)} s; good requests were answered`,
      `cut within ${limit} s, and the others served`,
    );
  },
});

/** The path of the largest thing that pages link, so that it fills the buffers on the way. */
async function largestOf(site: Site): Promise<string> {
  const paths = [...site.declared.routes.map(({ at }) => at), ...(await staticPathsOf(site))];
  const sizes = await Promise.all(
    paths.map(async (path) => ({ path, size: (await site.ask(path)).body.length })),
  );
  return sizes.sort((a, b) => b.size - a.size)[0]?.path ?? site.home;
}

/** An address in place of the published one. */
interface Way {
  readonly host: string;
  readonly port: number;
}

/** To the container itself, past the engine's proxy; undefined where its network can't be reached from here. */
async function directWay(site: Site): Promise<Way | undefined> {
  // On a host of its own nothing stands between.
  if (!site.isInContainers) return { host: site.address, port: site.ports.https };
  const port = site.edge.ports.find(({ host }) => host === site.ports.https)?.container;
  if (port === undefined) return undefined;
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
  const { id, host: where } = site.edge;
  const text = await site.engine.docker(["container", "inspect", "--format", format, id], { host: where });
  const [host] = text.trim().split(/\s+/);
  if (host === undefined || host === "") return undefined;
  const way = { host, port };
  try {
    (await open(site, { ...way, timeout: 2000 })).destroy();
    return way;
  } catch {
    return undefined;
  }
}

/** Sends, takes nothing for so long, and then all that comes until the other side ends it or falls silent. */
async function taken(site: Site, way: Way | undefined, requests: string, milliseconds: number) {
  const socket = await open(site, { ...way, ALPNProtocols: ["http/1.1"], timeout: milliseconds + 20_000 });
  const ended = endOf(socket);
  socket.pause();
  socket.write(requests);
  const deviations = milliseconds === 0 ? [] : await meanwhile(site, sleep(milliseconds), milliseconds);
  let bytes = 0;
  socket.on("data", (data: Buffer) => {
    bytes += data.length;
  });
  socket.resume();
  for (let before = -1; before !== bytes && !ended.over(); ) {
    before = bytes;
    await Promise.race([ended.promise, sleep(1500)]);
  }
  const over = ended.over();
  socket.destroy();
  return { bytes, over, deviations };
}

/** Begins a request, goes on with it a byte a second, and asks for a page as an honest visitor meanwhile. */
async function slowly(site: Site, limit: number, beginning: string) {
  const socket = await open(site, { ALPNProtocols: ["http/1.1"], timeout: (limit + 10) * 1000 });
  const ended = endOf(socket);
  // Someone has to take what comes, or the end is never told.
  socket.resume();
  const start = Date.now();
  if (beginning !== "") drip(socket, beginning);
  const good = await meanwhile(site, ended.promise, (limit + TOLERANCE) * 1000);
  const over = ended.over();
  socket.destroy();
  return none(
    [...(over ? [] : [`still open after ${seconds(start)} s`]), ...good],
    `cut after ${seconds(start)} s; good requests were answered`,
    `cut within ${limit} s, and the others served`,
  );
}

/** Asks for a page again and again until the time is up or the slow connection has ended. */
async function meanwhile(site: Site, ended: Promise<void>, milliseconds: number): Promise<readonly string[]> {
  const deviations: string[] = [];
  const deadline = Date.now() + milliseconds;
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over && Date.now() < deadline) {
    const outcome = await site.ask(site.home, { alone: true }).then(
      ({ status }) => (status < 400 ? undefined : `${status}`),
      (error: Error) => error.message,
    );
    if (outcome !== undefined) deviations.push(`a good request meanwhile: ${outcome}`);
    await Promise.race([ended, sleep(Math.min(EVERY, Math.max(deadline - Date.now(), 0)))]);
  }
  return [...new Set(deviations)];
}

function seconds(start: number): string {
  return ((Date.now() - start) / 1000).toFixed(1);
}
