import { isIPv6 } from "node:net";
import { Problem } from "../setup/problem.ts";
import type { RemoteShell } from "./remote-shell.ts";

/** Whether a host is a node of a Swarm. */
interface Membership {
  readonly shell: RemoteShell;
  readonly active: boolean;
  readonly manages: boolean;
}

export interface SwarmHost {
  readonly shell: RemoteShell;
  /** IP address at which the other hosts reach it. */
  readonly address: string;
  readonly manager: boolean;
}

/**
 * Makes one Swarm of the hosts of a stack: the first manager begins it, the others join by their roles.
 * @returns what was done, a line each; empty when all are in it
 * @throws Problem when some are in another one, which is nobody's to leave for them
 */
export async function formSwarm(hosts: readonly SwarmHost[]): Promise<readonly string[]> {
  const managers = hosts.filter(({ manager }) => manager);
  const members = await Promise.all(hosts.map(({ shell }) => membershipOf(shell)));
  const of = ({ shell }: SwarmHost) => members.find((one) => one.shell === shell);
  const leader = managers.find((host) => of(host)?.manages) ?? managers[0];
  if (leader === undefined) {
    throw new Problem({
      what: "No host of the stack is to manage the Swarm.",
      allowed: 'one host, or better three, with the role "manager"',
      fix: "add it to the roles of a host in cdktf.json",
    });
  }
  const done: string[] = [];
  const outside = hosts.filter((host) => of(host)?.active === false);
  if (of(leader)?.active === false) {
    const strangers = hosts.filter((host) => of(host)?.active);
    if (strangers.length > 0) throw foreign(strangers);
    await leader.shell.run(`docker swarm init --advertise-addr ${leader.address} > /dev/null`);
    done.push(`${leader.shell.host.name} begins the Swarm`);
  }
  for (const host of outside.filter((one) => one !== leader)) {
    const role = host.manager ? "manager" : "worker";
    const address = isIPv6(leader.address) ? `[${leader.address}]` : leader.address;
    const token = (await leader.shell.run(`docker swarm join-token --quiet ${role}`)).trim();
    await host.shell.run(
      `docker swarm join --advertise-addr ${host.address} --token ${token} ${address}:2377 > /dev/null`,
      { seconds: 120 },
    );
    done.push(`${host.shell.host.name} joins it as a ${role}`);
  }
  return done;
}

async function membershipOf(shell: RemoteShell): Promise<Membership> {
  const format = "{{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}}";
  const printed = await shell.run(`docker info --format '${format}' 2> /dev/null`);
  const [state = "", manages = ""] = printed.trim().split(" ");
  return { shell, active: state === "active", manages: manages === "true" };
}

function foreign(hosts: readonly SwarmHost[]): Problem {
  return new Problem({
    what: "Some hosts are in a Swarm already, and none of them manages it.",
    value: hosts.map(({ shell }) => shell.host.name).join(", "),
    fix: 'give the manager of that Swarm the role "manager", or let them leave it: docker swarm leave',
  });
}
