import { type FirewallProps, firewall, firewallUnit } from "../../modules/hosts/bootstrap/firewall.ts";
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

/**
 * Firewall and SSH server of a host. It is the one task that could lock us out, so the host takes it back by itself unless
 * it is {@link confirm}ed over a new connection.
 */
export function access(props: FirewallProps): Task {
  const rules = { path: RULES, content: firewall(props), mode: "600" };
  const unit = { path: UNIT, content: firewallUnit(RULES) };
  const sshd = { path: SSHD, content: sshdConf() };
  const { edge, peers, ssh } = props;
  const open = [
    `${ssh.join(", ")} (SSH)`,
    ...edge,
    ...(peers.length > 0 ? [`Swarm from ${peers.join(", ")}`] : []),
  ];
  return {
    title: `firewall that lets in ${open.join(", ")}; SSH without passwords`,
    check: [
      ...[rules, unit, sshd].map(isSame),
      "systemctl is-enabled --quiet slipway-firewall",
      "nft list table inet slipway",
    ].join("\n"),
    change: `grep -qiE '^ *Include +/etc/ssh/sshd_config.d/' /etc/ssh/sshd_config || { echo 'sshd_config does not include /etc/ssh/sshd_config.d/*.conf' >&2; exit 1; }
${prepareRollback()}
${write(sshd)}
sshd -t
${write(unit)}
${write(rules)}
nft -c -f ${RULES}
systemctl daemon-reload
systemctl enable --quiet slipway-firewall
systemctl reload-or-restart slipway-firewall
systemctl reload ssh`,
  };
}

/** Copies what was, and arms the way back before anything is changed. */
function prepareRollback(): string {
  const files = [RULES, UNIT, SSHD];
  const kept = (path: string) => `${BEFORE}/${path.replaceAll("/", "_")}`;
  const back = files.map(
    (path) => `if [ -e ${kept(path)} ]; then cp -p ${kept(path)} ${path}; else rm -f ${path}; fi`,
  );
  return `systemctl stop slipway-rollback.timer 2>/dev/null || true
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
      if (Date.now() < deadline) continue;
      throw new Problem({
        what: `The host ${shell.host.name} lets nobody in any more by its new firewall and SSH settings.`,
        value: error.message,
        fix: `nothing: it takes them back by itself within ${PATIENCE} s; then see what is between you and the host, and run it again`,
      });
    }
  }
}
