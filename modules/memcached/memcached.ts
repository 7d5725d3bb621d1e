/**
 * A cache in memory that all nodes share.
 *
 *     const cache = new Memcached(this, "cache", { memory: "128 MiB" });
 *     shop.uses(cache);
 */
import { fileURLToPath } from "node:url";
import { Construct } from "constructs";
import type { CacheGrant, Service } from "../app/service.ts";
import type { Network } from "../engine/network.ts";
import { nodeNames } from "../engine/node-names.ts";
import type { PublishedPort, Workload } from "../engine/workload.ts";
import { Environment } from "../environment/environment.ts";
import type { Contribution, Module } from "../environment/module.ts";
import { countOf } from "../values/count.ts";
import { Duration } from "../values/duration.ts";
import { Name } from "../values/name.ts";
import { Size, type SizeText } from "../values/size.ts";
import { cacheMemory } from "./memory.ts";

const PORT = 11211;
/** Of the user in the image. */
const USER = 11211;

export interface MemcachedProps {
  /** Hard limit of each instance. What holds items is less, so that no filling of it reaches the limit. */
  readonly memory: Size | SizeText;
  /** How many servers share the keys; the client spreads them. @default 1 */
  readonly instances?: number;
  /** Ports on the host; a rule refuses any, because memcached asks nobody for a password. @default none */
  readonly publish?: readonly PublishedPort[];
}

/** One or several memcached servers. */
export class Memcached extends Construct implements Module, Service<CacheGrant> {
  readonly kind = "cache";
  readonly name: Name;
  readonly #memory: Size;
  readonly #instances: number;
  readonly #publish: readonly PublishedPort[];
  readonly #network: Network;

  constructor(scope: Construct, id: string, props: MemcachedProps) {
    super(scope, Name.of(id).text);
    this.name = Name.of(id);
    this.#memory = Size.of(props.memory);
    this.#instances = countOf(props.instances ?? 1, {
      of: "instances",
      most: 1000,
      fix: "Write instances: 2",
    });
    this.#publish = props.publish ?? [];
    this.#network = { name: this.name, internal: true };
    Environment.of(this).add(this);
  }

  get path(): string {
    return this.node.path;
  }

  grant(): CacheGrant {
    return {
      kind: "cache",
      service: this.path,
      name: this.name,
      network: this.#network,
      servers: nodeNames(this.name, this.#instances).map((node) => `${node}:${PORT}`),
    };
  }

  workloads(): readonly Workload[] {
    const { items, growth } = cacheMemory(this.#memory);
    return [
      {
        name: this.name,
        role: "cache",
        image: {
          name: Name.of("memcached"),
          context: [{ folder: fileURLToPath(new URL("image", import.meta.url)), into: "" }],
          args: {},
        },
        replicas: this.#instances,
        user: USER,
        // The binary is named in the image; -U 0: no UDP, which others could misuse to amplify an attack.
        command: [
          "memcached",
          "-p",
          `${PORT}`,
          "-U",
          "0",
          "-m",
          `${items}`,
          "-f",
          `${growth}`,
          "-c",
          "1024",
          "-I",
          "1m",
        ],
        environment: {},
        files: [],
        secrets: [],
        volumes: [],
        networks: [this.#network],
        ports: this.#publish,
        health: { command: ["health"], startPeriod: Duration.of("30 seconds") },
        limits: { memory: this.#memory },
        capabilities: [],
        stop: { signal: "SIGTERM", grace: Duration.of("5 seconds") },
        release: "stop-first",
      },
    ];
  }

  describe(): Contribution {
    return {};
  }
}
