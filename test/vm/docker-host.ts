import { Containers, ENGINE } from "./containers.ts";
import { MachineImage } from "./machine-image.ts";
import { type Cable, VirtualMachine } from "./virtual-machine.ts";

const IMAGE = new MachineImage({
  name: "docker-host",
  address: "10.77.0.10",
  packages: [...ENGINE.packages, "nfs-common", "cifs-utils"],
  hooks: ENGINE.hooks,
});

/** A machine that runs containers on the storage of another. */
export class DockerHost {
  readonly machine: VirtualMachine;
  readonly containers: Containers;

  private constructor(machine: VirtualMachine, containers: Containers) {
    this.machine = machine;
    this.containers = containers;
  }

  /** @param ssh port of 127.0.0.1 */
  static async start(ssh: number, cable: Cable): Promise<DockerHost> {
    const machine = await VirtualMachine.start(IMAGE, { ssh, cable, memory: 2048 });
    try {
      return new DockerHost(machine, await Containers.of(machine));
    } catch (error) {
      machine.stop();
      throw error;
    }
  }
}
