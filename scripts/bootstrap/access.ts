import { setTimeout as sleep } from "node:timers/promises";
import {
  firewall,
  firewallUnit,
  OPENINGS,
  type OpeningsProps,
  openings,
} from "../../modules/hosts/bootstrap/firewall.ts";
import { sshdConf } from "../../modules/hosts/bootstrap/host-files.ts";
import { Problem } from "../setup/problem.ts";
import type { RemoteShell } from "./remote-shell.ts";
import { isSame, type Task, write } from "./task.ts";

const RULES = "/etc/slipway/firewall.nft";
const UNIT = "/etc/systemd/system/slipway-firewall.service";
/** The first of its folder, as the first value counts. */
const SSHD = "/etc/ssh/sshd_config.d/00-slipway.conf";
const BEFORE = "/run/slipway-before";
/** The host takes a change back by itself unless somebody gets in within so many seconds. */
const PATIENCE = 120;

export interface AccessProps extends OpeningsProps {
  /** Whose openings these are, such as `shop-prod`. */
  readonly stack: string;
  /** Ports of the SSH server. */
  readonly ssh: readonly number[];
}

/**
 * Firewall and SSH server of a host. It is the one task that could lock us out, so the host takes it back by itself unless
 * it is {@link confirm}ed over a new connection.
 */
export function access(props: AccessProps): Task {
  const rules = { path: RULES, content: firewall(props.ssh), mode: "600" };
  const opened = { path: `${OPENINGS}/${props.stack}.nft`, content: openings(props), mode: "600" };
  const unit = { path: UNIT, content: firewallUnit(RULES) };
  const sshd = { path: SSHD, content: sshdConf() };
  const { edge, peers, ssh, storage } = props;
  const open = [
    `${ssh.join(", ")} (SSH)`,
    ...edge,
    ...(peers.length > 0 ? [`Swarm${storage ? " and NFS" : ""} from ${peers.join(", ")}`] : []),
  ];
  return {
    title: `firewall that lets in ${open.join(", ")}; SSH without passwords`,
    check: [
      ...[opened, rules, unit, sshd].map(isSame),
      // A change that nobody has confirmed is about to be taken back.
      `[ ! -e ${BEFORE} ]`,
      "systemctl is-enabled --quiet slipway-firewall",
      "nft list table inet slipway",
    ].join("\n"),
    change: `grep -qiE '^ *Include +/etc/ssh/sshd_config.d/' /etc/ssh/sshd_config || { echo 'sshd_config does not include /etc/ssh/sshd_config.d/*.conf' >&2; exit 1; }
${prepareRollback([opened.path, RULES, UNIT, SSHD])}
${write(sshd)}
sshd -t
${write(unit)}
${write(opened)}
${write(rules)}
nft -c -f ${RULES}
systemctl daemon-reload
systemctl enable --quiet slipway-firewall
systemctl reload-or-restart slipway-firewall
systemctl reload ssh`,
  };
}

/** Copies what was, and arms the way back before anything is changed. */
function prepareRollback(files: readonly string[]): string {
  const kept = (path: string) => `${BEFORE}/${path.replaceAll("/", "_")}`;
  const back = files.map(
    (path) => `if [ -e ${kept(path)} ]; then cp -p ${kept(path)} ${path}; else rm -f ${path}; fi`,
  );
  return `systemctl stop slipway-rollback.timer 2>/dev/null || true
# What an earlier run changed and did not confirm is no state to go back to.
[ ! -e ${BEFORE}/rollback ] || sh ${BEFORE}/rollback
rm -rf ${BEFORE}
mkdir -m 0700 ${BEFORE}
${files.map((path) => `[ ! -e ${path} ] || cp -p ${path} ${kept(path)}`).join("\n")}
cat > ${BEFORE}/rollback <<'SLIPWAY-BACK'
[ -e ${kept(RULES)} ] || systemctl disable --now slipway-firewall
${back.join("\n")}
systemctl daemon-reload
[ ! -e ${RULES} ] || systemctl reload-or-restart slipway-firewall
systemctl reload ssh
SLIPWAY-BACK
systemd-run --quiet --collect --unit=slipway-rollback --on-active=${PATIENCE} sh ${BEFORE}/rollback`;
}

/**
 * Says over a new connection that we still get in, which keeps the change.
 * @throws Problem when nobody gets in; the host then takes the change back
 */
export async function confirm(shell: RemoteShell): Promise<void> {
  const keep = `systemctl stop slipway-rollback.timer\nrm -rf ${BEFORE}`;
  const deadline = Date.now() + (PATIENCE * 1000) / 2;
  for (;;) {
    try {
      await shell.run(keep, { fresh: true, seconds: 30 });
      return;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (Date.now() >= deadline) {
        throw new Problem({
          what: `The host ${shell.host.name} lets nobody in any more by its new firewall and SSH settings.`,
          value: error.message,
          fix: `nothing: it takes them back by itself within ${PATIENCE} s; then see what is between you and the host, and run it again`,
        });
      }
      // What is refused at once is asked again, but not so often that a guard against guessing shuts us out.
      await sleep(5000);
    }
  }
}
