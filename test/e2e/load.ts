import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import type { Site } from "./site.ts";
import { certificate } from "./visitor.ts";

/** What became of the requests of a load: how often each status or error was seen. */
export interface Tally {
  readonly outcomes: Readonly<Record<string, number>>;
  readonly nodes: ReadonlySet<string>;
}

export interface LoadOptions {
  /** @default GET */
  readonly method?: "GET" | "POST";
  /** The same for all, or one for each. @default the list of the guestbook */
  readonly path?: string | (() => string);
  /** Who gave an answer. @default what the guestbook says of it */
  readonly nodeOf?: (answer: string) => string;
  /** How long it goes on at most. @default 60 */
  readonly seconds?: number;
  /** Of each write. @default none */
  readonly body?: string;
  /**
   * Whether connections are used again. An edge closes those that rest, at a reload or when the machine stands still for
   * their five seconds, and a request that is on its way just then is lost: RFC 9112, 9.6. @default false
   */
  readonly keepAlive?: boolean;
  /** Where it is asked. @default the address of the site */
  readonly origin?: string;
  /** Whether only the certificate that the site has now is trusted. @default true */
  readonly verify?: boolean;
}

/** Between an answer and the next request of a connection, in milliseconds: what else runs needs the machine as well. */
const PAUSE = 10;

/** A constant load until it is stopped. */
export async function load(
  site: Site,
  connections: number,
  {
    method = "GET",
    path = "/api/entries?load=a%2Fb%20c",
    nodeOf = (answer) => JSON.parse(answer).node,
    seconds = 60,
    body: written,
    keepAlive = false,
    origin = site.https,
    verify = true,
  }: LoadOptions = {},
): Promise<() => Promise<Tally>> {
  // A machine that stands still answers no handshake either.
  const connect = {
    timeout: 40_000,
    ...(verify ? { ca: await certificate(site) } : { rejectUnauthorized: false }),
  };
  const agent = new Agent({ connect, connections, ...(!keepAlive && { pipelining: 0 }) });
  const outcomes: Record<string, number> = {};
  const nodes = new Set<string>();
  const deadline = Date.now() + seconds * 1000;
  let running = true;
  const one = async () => {
    while (running && Date.now() < deadline) {
      let outcome: string;
      try {
        const { statusCode, body } = await request(`${origin}${typeof path === "string" ? path : path()}`, {
          dispatcher: agent,
          method,
          ...(written !== undefined && { body: written }),
        });
        const text = await body.text();
        outcome = String(statusCode);
        if (statusCode === 200) nodes.add(nodeOf(text));
      } catch (error) {
        outcome = error instanceof Error && "code" in error ? String(error.code) : String(error);
      }
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      await sleep(PAUSE);
    }
  };
  const all = Promise.all(Array.from({ length: connections }, one));
  return async () => {
    running = false;
    await all;
    await agent.close();
    return { outcomes, nodes };
  };
}
