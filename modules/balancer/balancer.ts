/**
 * A balancer between edges and the nodes of an application (recipe 14).
 *
 *     const balancer = new Balancer(this, "balancer", { engine: HaProxy.leastConnections(), target: shop });
 *     new Edge(this, "edge", { server: Apache.modProxy(), routes: [Route.to(balancer)], ... });
 */
import { fileURLToPath } from "node:url";
import { Construct } from "constructs";
import type { SocketKind, Speaks } from "../app/protocol.ts";
import type { Backend, Upstream } from "../app/upstream.ts";
import { timeoutOf } from "../edge/limits.ts";
import type { Network } from "../engine/network.ts";
import type { Workload } from "../engine/workload.ts";
import { Environment } from "../environment/environment.ts";
import type { Contribution, Module } from "../environment/module.ts";
import { Duration, type DurationText } from "../values/duration.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";
import { Size, type SizeText } from "../values/size.ts";
import { BALANCER_PORTS, type BalancerEngine, type Balancing } from "./balancer-engine.ts";

/** Of the user in the images. */
const USER = 8080;

export interface BalancerProps {
  /** What it is made of, and how it spreads the requests: `HaProxy.leastConnections()`, `Pound.roundRobin()`, … */
  readonly engine: BalancerEngine;
  /** The application whose nodes get the requests. It answers HTTP, and may have other routes beside this one. */
  readonly target: Upstream<"http">;
  /** Hard limit; how many requests it takes at a time follows from it. @default 128 MiB */
  readonly memory?: Size | SizeText;
  /** How long a node may take for an answer, up to 12 hours. @default 60 seconds */
  readonly timeout?: Duration | DurationText;
}

/** A balancer before the nodes of one application. Only edges reach it. */
export class Balancer extends Construct implements Module, Upstream<"http"> {
  readonly speaks: Speaks<"http"> = { http: true };
  readonly name: Name;
  readonly #engine: BalancerEngine;
  readonly #backend: Backend;
  readonly #balancing: Balancing;
  readonly #network: Network;

  /** @throws InvalidValue when the weights are not one a node, or the target stands in another stack. */
  constructor(scope: Construct, id: string, props: BalancerProps) {
    super(scope, Name.of(id).text);
    const { engine, target } = props;
    this.name = Name.of(id);
    this.#engine = engine;
    if (Environment.of(target) !== Environment.of(this)) {
      throw new InvalidValue({
        what: `target of ${this.path}`,
        got: target.node.path,
        allowed: "an application of the same stack",
        fix: "Create the application in this stack",
      });
    }
    this.#backend = target.listen("http", "tcp");
    this.#balancing = {
      app: this.#backend.name.text,
      nodes: this.#nodes(),
      healthPath: plainPath(this.#backend.healthPath),
      timeout: timeoutOf(props.timeout ?? "60 seconds"),
      memory: Size.of(props.memory ?? "128 MiB"),
    };
    this.#network = { name: this.name, internal: true };
    Environment.of(this).add(this);
  }

  get path(): string {
    return this.node.path;
  }

  /** Everything about the application but where it is: its static files and its mount are the edge's business. */
  listen(_protocol: "http", _over: SocketKind): Backend {
    return {
      ...this.#backend,
      network: this.#network,
      nodes: [`${this.name}:${BALANCER_PORTS.http}`],
    };
  }

  workloads(): readonly Workload[] {
    const { image, stop, reconfigurable } = this.#engine;
    return [
      {
        name: this.name,
        role: "balancer",
        image: {
          name: image.name,
          context: [
            { folder: image.folder, into: "" },
            { folder: fileURLToPath(new URL("image", import.meta.url)), into: "" },
            // What the edge tells when no node answers, in the same words.
            { folder: fileURLToPath(new URL("../edge/image/pages", import.meta.url)), into: "pages" },
            ...(reconfigurable
              ? [{ folder: fileURLToPath(new URL("../engine/image", import.meta.url)), into: "" }]
              : []),
          ],
          args: {},
        },
        replicas: 1,
        user: USER,
        environment: {},
        files: this.#engine.files(this.#balancing),
        secrets: [],
        volumes: [],
        networks: [this.#network, this.#backend.network],
        ports: [],
        health: { command: ["health"], startPeriod: Duration.of("30 seconds") },
        limits: { memory: this.#balancing.memory },
        capabilities: [],
        stop,
        release: "start-first",
        reconfigurable,
      },
    ];
  }

  describe(): Contribution {
    const { name, sticky } = this.#engine;
    const { app, nodes } = this.#balancing;
    return {
      balancers: [
        {
          path: this.path,
          name: this.name.text,
          engine: name,
          app,
          nodes: nodes.length,
          sticky: sticky.by,
        },
      ],
    };
  }

  #nodes(): Balancing["nodes"] {
    const { weights } = this.#engine;
    const { nodes } = this.#backend;
    if (weights !== undefined && weights.length !== nodes.length) {
      throw new InvalidValue({
        what: `weights of ${this.path}`,
        got: JSON.stringify(weights),
        allowed: `one a node of ${this.#backend.name}, which has ${nodes.length}`,
        fix: `Write weights: ${JSON.stringify(nodes.map((_, at) => weights[at] ?? 1))}`,
      });
    }
    return nodes.map((node, at) => {
      const [host = "", port] = node.split(":");
      return { host, port: Number(port), weight: weights?.[at] ?? 1 };
    });
  }
}

/** @throws InvalidValue for characters that have no place in the path of an address (RFC 3986). */
function plainPath(path: string): string {
  if (/^\/[\w.~!$&()*+,;=:@%/?-]*$/.test(path)) return path;
  throw new InvalidValue({
    what: "path of the health check",
    got: path,
    allowed: "what the path of an address is made of: letters, digits and -._~!$&()*+,;=:@%/?",
    fix: "Encode other characters, such as %20 for a space",
  });
}
