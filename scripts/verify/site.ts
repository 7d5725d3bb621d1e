import { randomBytes } from "node:crypto";
import type { LookupFunction } from "node:net";
import { Agent, errors } from "undici";
import { Problem } from "../setup/problem.ts";
import { type Container, containersOf } from "../stack/containers.ts";
import { declarationOf } from "../stack/declaration.ts";
import { reachedAt } from "../stack/reached-at.ts";
import type { Stack } from "../stack/stack.ts";
import { requireKnown } from "../stack/status.ts";
import { list } from "../stack/words.ts";
import { type DeclaredApp, type DeclaredEdge, type DeclaredRoute, declaredOf } from "./declared.ts";
import { type Engine, liveEngine, noEngine } from "./engine.ts";

const SECONDS = 20;
/** An answer is cut here: no check looks further. */
const LONGEST_BODY = 4 * 2 ** 20;

/** What to ask. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** Use the plain port. @default false */
  readonly plain?: boolean;
  /** Use a connection of its own, as another visitor does. @default false */
  readonly alone?: boolean;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; a header that came several times has all its values. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  readonly text: string;
}

/** What a site is made of. */
export interface SiteProps {
  readonly stack: Pick<Stack, "name" | "secretsFolder">;
  readonly containers: readonly Container[];
  /** The container that visitors meet; undefined where it is a service of a host. */
  readonly edge: Container | undefined;
  /** Where the edge is reached. @default what it publishes */
  readonly at?: string;
  readonly declared: DeclaredEdge;
  readonly apps: readonly DeclaredApp[];
  /** Names of the nodes that applications are declared to have. */
  readonly appNodes: readonly string[];
  readonly engine: Engine;
}

/** What visitors meet behind one edge of a stack: reached through the published ports, under its own name. */
export class Site {
  readonly stack: SiteProps["stack"];
  readonly containers: readonly Container[];
  readonly declared: DeclaredEdge;
  /** The applications that a route leads to. */
  readonly apps: readonly DeclaredApp[];
  readonly appNodes: readonly string[];
  readonly engine: Engine;
  /** Name that visitors type. */
  readonly hostname: string;
  /** Address of the host that is connected to, whatever the name resolves to. */
  readonly address: string;
  readonly ports: { readonly http: number; readonly https: number };
  readonly #edge: Container | undefined;
  readonly #agent: Agent;
  readonly #strange = new Map<string, Promise<number>>();

  constructor({ stack, containers, edge, at, declared, apps, appNodes, engine }: SiteProps) {
    const { hostname, address, ports, routes } = declared;
    this.stack = stack;
    this.containers = containers;
    this.#edge = edge;
    this.declared = declared;
    this.apps = apps.filter(({ name }) => routes.some(({ app }) => app === name));
    this.appNodes = appNodes;
    this.engine = engine;
    this.hostname = hostname;
    this.address = at ?? (edge === undefined ? address : reachedAt(address, edge.host));
    this.ports = ports;
    this.#agent = this.#visitor();
  }

  /**
   * The sites of a stack that runs, one for each edge, or the one of the edge that is named.
   * @throws Problem when there is no such edge, or it does not run
   */
  static async of(stack: Stack, edge?: string, engine: Engine = liveEngine): Promise<readonly Site[]> {
    const containers = await containersOf(stack);
    requireKnown(stack, containers);
    const { wanted, apps } = wantedOf(stack, edge);
    const appNodes = (declarationOf(stack) ?? []).filter(({ role }) => role === "app");
    return wanted.map((declared) => {
      const container = containers.find(
        ({ workload, state }) => workload === declared.name && state === "running",
      );
      if (container === undefined) {
        throw new Problem({
          what: `The edge ${declared.name} of the stack ${stack.name} does not run.`,
          fix: `npm start -- ${stack.name} starts it`,
        });
      }
      return new Site({
        stack,
        containers,
        edge: container,
        declared,
        apps,
        appNodes: appNodes.map(({ node }) => node),
        engine,
      });
    });
  }

  /**
   * The same of a stack that was exported, at the address of the machine with its edge: what looks into containers can't
   * be asked of it.
   */
  static at(stack: Stack, address: string, edge?: string): readonly Site[] {
    const { wanted, apps } = wantedOf(stack, edge);
    const nodes = (declarationOf(stack) ?? []).filter(({ role }) => role === "app");
    const shared = { stack, containers: [], edge: undefined, at: address, apps, engine: noEngine };
    return wanted.map(
      (declared) => new Site({ ...shared, declared, appNodes: nodes.map(({ node }) => node) }),
    );
  }

  /** Whether there are containers to look into. */
  get isInContainers(): boolean {
    return this.#edge !== undefined;
  }

  /** The container that visitors meet. @throws Error where there is none */
  get edge(): Container {
    if (this.#edge === undefined) throw new Error(`${this.declared.name} is in no container`);
    return this.#edge;
  }

  /** A page that a route leads to: that of the shortest path. */
  get home(): string {
    return [...this.declared.routes].map(({ at }) => at).sort((a, b) => a.length - b.length)[0] ?? "/";
  }

  /** The route that a path belongs to: the longest that it begins with. */
  routeOf(path: string): DeclaredRoute | undefined {
    return [...this.declared.routes]
      .sort((a, b) => b.at.length - a.at.length)
      .find(({ at }) => at === "/" || path === at || path.startsWith(`${at}/`) || path.startsWith(`${at}?`));
  }

  /** Nodes of an application, when it has several that a page can tell apart by their names. */
  nodesOf(app: string): readonly string[] {
    return this.appNodes.filter((node) => new RegExp(`^${app}-\\d+$`).test(node));
  }

  /** A path below another one that no application has heard of. */
  unheardOf(at = this.home): string {
    return `${at === "/" ? "" : at}/no-such-${randomBytes(6).toString("hex")}`;
  }

  /** What the owner of a path answers to one that it has never heard of: 404, or an application that takes all. */
  strange(path: string): Promise<number> {
    const at = this.routeOf(path)?.at ?? "";
    const known = this.#strange.get(at);
    if (known !== undefined) return known;
    const asked = this.ask(this.unheardOf(at)).then(({ status }) => status);
    this.#strange.set(at, asked);
    return asked;
  }

  /** The address of a page, with the public port. */
  url(path: string, scheme: "http" | "https" = "https"): string {
    const port = this.ports[scheme];
    const usual = scheme === "https" ? 443 : 80;
    return `${scheme}://${this.hostname}${port === usual ? "" : `:${port}`}${path}`;
  }

  /** Asks for a path as it stands; redirects are not followed. */
  async ask(path: string, asked: Asked = {}): Promise<Answer> {
    const { method = "GET", alone = false } = asked;
    try {
      return await this.#ask(path, asked);
    } catch (error) {
      // A connection that was kept may be closed just when a request is on its way: what only reads is asked anew, on a
      // connection of its own (RFC 9110, section 9.2.2).
      if (alone || method !== "GET" || !(error instanceof errors.SocketError)) throw error;
      return await this.#ask(path, { ...asked, alone: true });
    }
  }

  async #ask(
    path: string,
    { method = "GET", headers = {}, body, plain = false, alone = false }: Asked,
  ): Promise<Answer> {
    const scheme = plain ? "http" : "https";
    const agent = alone ? this.#visitor() : this.#agent;
    try {
      const response = await agent.request({
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
    } finally {
      if (alone) await agent.destroy();
    }
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

  /** The certificate is judged by a check of its own: without its issuer nothing else could be looked at. */
  #visitor(): Agent {
    return new Agent({
      connect: { rejectUnauthorized: false, lookup: this.lookup },
      headersTimeout: SECONDS * 1000,
      bodyTimeout: SECONDS * 1000,
    });
  }
}

/**
 * The edges that are declared, or the one that is named.
 * @throws Problem when there is none
 */
function wantedOf(stack: Stack, edge?: string) {
  const { edges, apps } = declaredOf(stack);
  if (edges.length === 0) {
    throw new Problem({
      what: `The stack ${stack.name} has no edge, so there is nothing to verify.`,
      fix: "give it an Edge",
    });
  }
  const wanted = edges.filter(({ name }) => edge === undefined || name === edge);
  if (wanted.length === 0) {
    throw new Problem({
      what: `The stack ${stack.name} has no such edge.`,
      value: JSON.stringify(edge),
      allowed: list(edges.map(({ name }) => name)),
      fix: "name one of these",
    });
  }
  return { wanted, apps };
}
