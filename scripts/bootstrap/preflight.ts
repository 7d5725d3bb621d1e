import { daemonJson } from "../../modules/hosts/bootstrap/daemon-json.ts";
import { Problem } from "../setup/problem.ts";
import type { RemoteShell } from "./remote-shell.ts";

/** Bookworm: the first with an engine that the provider was tried with. */
const OLDEST = 12;

/** Keys of an engine's settings that bootstrap writes, whatever their values. */
const SETTINGS = Object.keys(JSON.parse(daemonJson(false)));

/** What a host is before anything is changed. */
export interface Facts {
  /** Major version of its Debian. */
  readonly debian: number;
  /** Ports that its SSH server listens on: another one may lead there from outside. */
  readonly sshPorts: readonly number[];
  /** Whether it is a node of a Swarm. */
  readonly inSwarm: boolean;
}

/**
 * Looks whether a host can be prepared at all.
 * @throws Problem for one that is no Debian, has no systemd or an engine with settings of its own, or does not make us root
 */
export async function preflight(shell: RemoteShell): Promise<Facts> {
  const outcome = await shell.try(`. /etc/os-release
echo "id=$ID"; echo "version=\${VERSION_ID:-}"; echo "name=$PRETTY_NAME"
echo "init=$(cat /proc/1/comm)"; echo "user=$(id -u)"
/usr/sbin/sshd -T | sed -n "s/^port /port=/p"
echo "swarm=$(docker info --format '{{.Swarm.LocalNodeState}}' 2> /dev/null || true)"
echo "engine=$(tr -d '\\n' < /etc/docker/daemon.json 2> /dev/null || true)"`);
  const fact = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(outcome.stdout)?.[1]?.trim() ?? "";
  const { host, login } = shell;
  if (outcome.code !== 0 || fact("user") !== "0") {
    throw new Problem({
      what: `On the host ${host.name}, ${login} does not become root.`,
      value: outcome.stderr.trim() || `user id ${fact("user")}`,
      allowed: "root, or a user whom sudo asks for no password",
      fix: "name another one: --login root",
    });
  }
  const problem = unfit(host.name, fact);
  if (problem !== undefined) throw problem;
  return {
    debian: Number.parseInt(fact("version"), 10),
    inSwarm: fact("swarm") === "active",
    sshPorts: [...outcome.stdout.matchAll(/^port=(\d+)$/gm)].map(([, port]) => Number(port)),
  };
}

/** @param fact by its name, as the script above prints it */
export function unfit(host: string, fact: (name: string) => string): Problem | undefined {
  if (fact("id") !== "debian" || !(Number.parseInt(fact("version"), 10) >= OLDEST)) {
    return new Problem({
      what: `The host ${host} cannot be prepared: bootstrap knows the packages of Debian alone.`,
      value: fact("name") || "a system without /etc/os-release",
      allowed: `Debian ${OLDEST} or newer`,
      fix: "install Debian there, or prepare it by hand: an engine, a user in the group docker, a firewall (docs/hosts.md)",
    });
  }
  if (!/^\d+$/.test(fact("port"))) {
    return new Problem({
      what: `The SSH server of the host ${host} does not tell its port, which the firewall has to leave open.`,
      value: fact("port") || "nothing",
      allowed: "OpenSSH, whose sshd -T names it",
      fix: "see what sshd -T says there",
    });
  }
  if (fact("init") !== "systemd") {
    return new Problem({
      what: `The host ${host} does not run systemd, so nothing would be started with it.`,
      value: `process 1 is ${fact("init")}`,
      allowed: "a machine of its own; no container",
      fix: "name another host",
    });
  }
  const foreign = foreignSettings(fact("engine"));
  if (foreign === undefined || foreign.length > 0) {
    return new Problem({
      what: `The engine of the host ${host} has settings of its own, which would be lost: another data-root, and all volumes seem gone.`,
      value: `/etc/docker/daemon.json: ${foreign?.join(", ") ?? "no JSON"}`,
      allowed: SETTINGS.join(", "),
      fix: "give dockerd what has to stay by its unit instead (systemctl edit docker), or prepare the host by hand (docs/hosts.md)",
    });
  }
  return undefined;
}

/** Keys of an engine's settings that are none of ours; undefined for a text that says nothing. */
function foreignSettings(text: string): readonly string[] | undefined {
  if (text.trim() === "") return [];
  try {
    return Object.keys(JSON.parse(text)).filter((key) => !SETTINGS.includes(key));
  } catch {
    return undefined;
  }
}
