import type { Machine, Machines } from "./machines.ts";
import { type Inspected, Site } from "./site.ts";

/** A container, and the machine that it runs on. */
export type Placed = Inspected & { readonly machine: Machine };

/** A stack on several machines. */
export class SwarmSite extends Site {
  readonly #machines: Machines;

  /** @param roles what each machine is for, the one of the edge first */
  constructor(
    project: string,
    ports: { http: number; https: number },
    main: string,
    stack: string,
    machines: Machines,
    roles: readonly (readonly string[])[],
  ) {
    const hosts = machines.all.map(({ name, engine }, at) => ({ name, address: engine, roles: roles[at] }));
    super(project, ports, main, stack, { address: machines.all[0]?.address ?? "", hosts });
    this.#machines = machines;
  }

  /** Those that run, of machines that are on. */
  override async containers(): Promise<Placed[]> {
    const on = this.#machines.all.filter(({ isOn }) => isOn);
    const all = await Promise.all(
      on.map(async (machine) => {
        const ids = await machine.docker(
          "ps",
          "--quiet",
          "--filter",
          `label=slipway.project=${this.project}`,
        );
        if (ids === "") return [];
        // One that ended in between is none of those that run.
        const inspected = await machine.docker("inspect", ...ids.split("\n")).catch(() => "[]");
        return (JSON.parse(inspected) as Inspected[]).map((one) => ({ ...one, machine }));
      }),
    );
    return all.flat();
  }

  /** What became of all tasks, the latest of each service first. */
  async tasks(): Promise<string> {
    const manager = this.#machines.all.find(({ isOn }) => isOn);
    const services = await manager?.docker("service", "ls", "--quiet");
    const format = "{{.Name}} on {{.Node}}: {{.CurrentState}} {{.Error}}";
    return (
      (await manager?.docker(
        "service",
        "ps",
        "--no-trunc",
        "--format",
        format,
        ...(services ?? "").split("\n"),
      )) ?? "no machine is on"
    );
  }

  override async exec(node: string, ...words: readonly string[]): Promise<string> {
    const found = (await this.containers()).find(({ Config }) => Config.Labels["slipway.node"] === node);
    if (found === undefined) throw new Error(`no container of ${node}`);
    return found.machine.docker("exec", found.Id, ...words);
  }
}
