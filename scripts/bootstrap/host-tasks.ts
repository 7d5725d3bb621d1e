import { daemonJson } from "../../modules/hosts/bootstrap/daemon-json.ts";
import { journaldConf, unattendedUpgradesConf } from "../../modules/hosts/bootstrap/host-files.ts";
import { shellQuoted } from "../../modules/hosts/shell-word.ts";
import { shareMount } from "./share-mount.ts";
import type { Stored } from "./stored.ts";
import { fileTask, type Task } from "./task.ts";

/** What a host is to become. */
export interface HostPlan {
  /** Major version of its Debian. */
  readonly debian: number;
  /** Whether it is to be a node of a Swarm. */
  readonly swarm: boolean;
  /** Who deploys; root needs no account. */
  readonly user: string;
  /** Public keys of who may do that, as in authorized_keys. */
  readonly keys: readonly string[];
  /** Of the stack's volumes and shared folders. */
  readonly stored: Stored;
}

/** The tasks of a host that cannot lock anybody out, in their order. */
export function hostTasks(plan: HostPlan): readonly Task[] {
  return [
    // Before the engine is installed, so that its first start is with them.
    fileTask(
      "settings of the engine; one that runs is restarted",
      { path: "/etc/docker/daemon.json", content: daemonJson(plan.swarm) },
      "if systemctl is-active --quiet docker; then systemctl restart docker; fi",
    ),
    packages([...packagesOf(plan.debian), ...plan.stored.packages]),
    {
      title: "the engine, now and at each start",
      check: "systemctl is-enabled --quiet docker\ndocker info",
      change: "systemctl enable --now --quiet docker\ndocker info > /dev/null",
    },
    ...(plan.user === "root"
      ? []
      : [account(plan.user), ...plan.keys.map((key) => authorized(plan.user, key))]),
    fileTask("upgrades for security by themselves", {
      path: "/etc/apt/apt.conf.d/52slipway",
      content: unattendedUpgradesConf(),
    }),
    fileTask(
      "a limit for the journal",
      { path: "/etc/systemd/journald.conf.d/slipway.conf", content: journaldConf() },
      "systemctl restart systemd-journald",
    ),
    ...plan.stored.folders.map(folder),
    ...plan.stored.mounts.flatMap(shareMount),
  ];
}

/** From Debian 13 on the client is a package of its own. */
export function packagesOf(debian: number): readonly string[] {
  return [
    "docker.io",
    ...(debian >= 13 ? ["docker-cli"] : []),
    ...["apparmor", "ca-certificates", "iptables", "nftables", "unattended-upgrades"],
  ];
}

function packages(names: readonly string[]): Task {
  const apt = "DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3";
  return {
    title: `packages ${names.join(", ")}`,
    check: names.map((name) => `dpkg-query -W -f '\${db:Status-Abbrev}' ${name} | grep -q '^ii'`).join("\n"),
    // Of a run that was interrupted, packages may be unpacked and not configured.
    change: `dpkg --configure -a
${apt} update
${apt} install --yes --no-install-recommends ${names.join(" ")}`,
  };
}

function account(user: string): Task {
  return {
    title: `the user ${user}, in the group docker`,
    check: `id -nG ${user} | grep -qw docker`,
    change: `id ${user} > /dev/null 2>&1 || useradd --create-home --shell /bin/bash ${user}
usermod --append --groups docker ${user}`,
  };
}

/** Keys are only ever added: that of a colleague must not vanish. */
function authorized(user: string, key: string): Task {
  const file = `~${user}/.ssh/authorized_keys`;
  return {
    title: `your key for ${user} (${key.split(" ")[2] ?? "without a comment"})`,
    check: `grep -qxF ${shellQuoted(key)} ${file}`,
    change: `install -d -m 0700 -o ${user} -g "$(id -gn ${user})" ~${user}/.ssh
[ ! -s ${file} ] || [ -z "$(tail -c 1 ${file})" ] || echo >> ${file}
printf '%s\\n' ${shellQuoted(key)} >> ${file}
chown ${user} ${file}
chmod 600 ${file}`,
  };
}

function folder(path: string): Task {
  return {
    title: `the folder ${path} for a volume`,
    check: `[ -d ${shellQuoted(path)} ]`,
    change: `mkdir -p ${shellQuoted(path)}`,
  };
}
