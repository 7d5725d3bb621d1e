import { Problem } from "../setup/problem.ts";
import type { RemoteShell } from "./remote-shell.ts";

/** Bookworm: the first with an engine that the provider was tried with. */
const OLDEST = 12;

/** What a host is before anything is changed. */
export interface Facts {
  /** Major version of its Debian. */
  readonly debian: number;
  /** Ports that its SSH server listens on: another one may lead there from outside. */
  readonly sshPorts: readonly number[];
}

/**
 * Looks whether a host can be prepared at all.
 * @throws Problem for one that is no Debian, has no systemd, or does not make us root
 */
export async function preflight(shell: RemoteShell): Promise<Facts> {
  const outcome = await shell.try(`. /etc/os-release
echo "id=$ID"; echo "version=\${VERSION_ID:-}"; echo "name=$PRETTY_NAME"
echo "init=$(cat /proc/1/comm)"; echo "user=$(id -u)"
/usr/sbin/sshd -T | sed -n "s/^port /port=/p"`);
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
  if (fact("init") === "systemd") return undefined;
  return new Problem({
    what: `The host ${host} does not run systemd, so nothing would be started with it.`,
    value: `process 1 is ${fact("init")}`,
    allowed: "a machine of its own; no container",
    fix: "name another host",
  });
}
