import type { LookupFunction } from "node:net";
import { Agent } from "undici";
import { Problem } from "../setup/problem.ts";
import { type Container, containersOf } from "../stack/containers.ts";
import { declarationOf } from "../stack/declaration.ts";
import { docker } from "../stack/docker.ts";
import type { Stack } from "../stack/stack.ts";
import { requireKnown } from "../stack/status.ts";

const SECONDS = 20;
/** Where an edge keeps a certificate that it made itself, and where one is delivered. */
const CHAINS = ["/var/lib/slipway/tls/chain.pem", "/run/secrets/tls-chain"];
/** An answer is cut here: no check looks further. */
const LONGEST_BODY = 4 * 2 ** 20;

/** What to ask. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** Use the plain port. @default false */
  readonly plain?: boolean;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; a header that came several times has all its values. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  readonly text: string;
}

/** A running site, as its checks reach it: through the published ports, under its own name, with its own certificate. */
export class Site {
  readonly stack: Stack;
  readonly containers: readonly Container[];
  readonly edge: Container;
  /** Name that visitors type. */
  readonly hostname: string;
  /** Address of the host that is connected to, whatever the name resolves to. */
  readonly address: string;
  readonly ports: { readonly http: number; readonly https: number };
  /** The certificate chain of the edge; trusted because it was read out of the edge itself. */
  readonly ca: string;
  readonly #agent: Agent;

  private constructor(stack: Stack, containers: readonly Container[], edge: Container, ca: string) {
    const { hostname, address, ports } = stack.target;
    this.stack = stack;
    this.containers = containers;
    this.edge = edge;
    this.hostname = `${hostname}`;
    this.address = { "0.0.0.0": "127.0.0.1", "::": "::1" }[address] ?? address;
    this.ports = { http: ports.http.number, https: ports.https.number };
    this.ca = ca;
    this.#agent = new Agent({
      connect: { ca, lookup: this.lookup },
      headersTimeout: SECONDS * 1000,
      bodyTimeout: SECONDS * 1000,
    });
  }

  /**
   * The site of a stack that runs.
   * @throws Problem when it has no edge, or its edge does not run
   */
  static async of(stack: Stack): Promise<Site> {
    const containers = await containersOf(stack);
    requireKnown(stack, containers);
    const edge = containers.find(({ role, state }) => role === "edge" && state === "running");
    if (edge !== undefined) return new Site(stack, containers, edge, await chainOf(edge));
    const declared = declarationOf(stack)?.some(({ role }) => role === "edge") ?? true;
    throw new Problem({
      what: declared
        ? `The edge of the stack ${stack.name} does not run.`
        : `The stack ${stack.name} has no edge, so there is nothing to verify.`,
      fix: declared ? `npm start -- ${stack.name} starts it` : "give it an Edge",
    });
  }

  /** Nodes of applications that are declared to run side by side. */
  get appNodes(): readonly string[] {
    const nodes = this.containers.filter(({ role }) => role === "app").map(({ node }) => node);
    const declared = declarationOf(this.stack)?.filter(({ role }) => role === "app");
    return declared?.map(({ node }) => node) ?? [...new Set(nodes)];
  }

  /** The address of a page, with the public port. */
  url(path: string, scheme: "http" | "https" = "https"): string {
    const port = this.ports[scheme];
    const usual = scheme === "https" ? 443 : 80;
    return `${scheme}://${this.hostname}${port === usual ? "" : `:${port}`}${path}`;
  }

  /** Asks for a path as it stands; redirects are not followed. */
  async ask(
    path: string,
    { method = "GET", headers = {}, body, plain = false }: Asked = {},
  ): Promise<Answer> {
    const scheme = plain ? "http" : "https";
    const response = await this.#agent.request({
      origin: `${scheme}://${this.hostname}:${this.ports[scheme]}`,
      path,
      method,
      headers,
      body: body ?? null,
      signal: AbortSignal.timeout(SECONDS * 1000),
    });
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response.body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LONGEST_BODY) break;
    }
    const content = Buffer.concat(chunks);
    return {
      status: response.statusCode,
      headers: response.headers,
      body: content,
      text: content.toString("utf8"),
    };
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** Resolves every name to the address of the edge: a public name may lead elsewhere, or nowhere yet. */
  readonly lookup: LookupFunction = (_name, options, callback) => {
    const family = this.address.includes(":") ? 6 : 4;
    if (options.all) callback(null, [{ address: this.address, family }]);
    else callback(null, this.address, family);
  };
}

async function chainOf(edge: Container): Promise<string> {
  const script = CHAINS.map((path) => `cat ${path} 2>/dev/null`).join(" || ");
  return docker(["exec", edge.id, "sh", "-c", script]);
}
