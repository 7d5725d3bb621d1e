/**
 * Docker Swarm: workloads become services, which move to another host when theirs fails.
 *
 *     super(scope, "prod", { engine: Swarm.of(target.hosts), purpose: "production" });
 */
import type { TerraformProvider, TerraformStack } from "cdktf";
import { engineOf, Host } from "../hosts/host.ts";
import { managerAmong } from "../hosts/manager.ts";
import type { DescribedSwarm } from "../rules/description.ts";
import { clientAccess, provideDocker } from "./docker-provider.ts";
import type { Engine, Plan } from "./engine.ts";
import { forgetVolumes, keptVolumes } from "./kept-volumes.ts";
import { placementsOf } from "./swarm-placement.ts";
import type { Reach } from "./swarm-service.ts";
import { SwarmStack } from "./swarm-stack.ts";
import type { Workload } from "./workload.ts";

/**
 * How services are reached. What Swarm cannot do does not compile: the mesh leads to virtual addresses only.
 * @default names are looked up to tasks (`dnsrr`), and ports are published by the host of the task: works on every kernel
 */
export type SwarmReach =
  | { readonly endpoints?: "dnsrr"; readonly publish?: "host" }
  /** The hosts' kernels need IPVS. */
  | { readonly endpoints: "vip"; readonly publish?: "host" | "ingress" };

export type SwarmProps = SwarmReach & {
  /** Whether what hosts say to each other is encrypted (IPsec); the hosts' kernels need ESP. @default false */
  readonly encrypted?: boolean;
};

/** Several engines that act as one. */
export class Swarm implements Engine {
  readonly description: string;
  readonly hosts: readonly Host[];
  readonly reach: Reach;
  readonly swarm: DescribedSwarm;
  readonly #encrypted: boolean;

  private constructor(hosts: readonly Host[], { endpoints, publish, encrypted = false }: SwarmProps) {
    this.hosts = hosts;
    this.reach =
      endpoints === "vip"
        ? { endpoints, publish: publish ?? "host" }
        : { endpoints: "dnsrr", publish: "host" };
    this.swarm = { hosts, publish: this.reach.publish };
    this.#encrypted = encrypted;
    this.description = `Swarm of ${hosts.map(({ name }) => name).join(", ")}`;
  }

  /** The Swarm that these hosts make up; the first of those with the role `manager` is told what to run. */
  static of(hosts: readonly Host[], props: SwarmProps = {}): Swarm {
    return new Swarm(hosts, props);
  }

  placesOf(workloads: readonly Workload[]): ReadonlyMap<string, string | null> {
    const placements = [...placementsOf(workloads, this.hosts)];
    return new Map(
      placements.map(([name, { pinned, hosts }]) => {
        const [host] = hosts;
        return [name, pinned && host ? engineOf(host) : null];
      }),
    );
  }

  provision(stack: TerraformStack, plan: Plan): void {
    forgetVolumes(stack, keptVolumes(plan.workloads));
    const manager = managerAmong(this.hosts) ?? Host.local();
    const { client } = provideDocker(stack, manager, plan);
    const builder = Host.local();
    // The engine that builds is this machine's: hosts need neither compilers nor a way to the internet.
    const separate =
      builder.engine === manager.engine ? undefined : provideDocker(stack, builder, plan, "builder");
    const providers = new Map<Host, TerraformProvider | undefined>([[manager, undefined]]);
    new SwarmStack(stack, plan, {
      reach: this.reach,
      encrypted: this.#encrypted,
      manager: { host: manager, client },
      hosts: this.hosts.map((host) => ({ host, client: clientAccess(host, plan) })),
      builder: { host: builder, client: separate?.client ?? client },
      ...(separate !== undefined && { buildProvider: separate.provider }),
      providerOf(host) {
        if (!providers.has(host)) {
          providers.set(host, provideDocker(stack, host, plan, host.name.text).provider);
        }
        return providers.get(host);
      },
    }).run();
  }
}
