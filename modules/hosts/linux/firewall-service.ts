const nft = (stack: string) => `/etc/slipway/${stack}/firewall.nft`;
const table = (stack: string) => `inet slipway_${stack.replaceAll("-", "_")}`;

/** Loads the firewall of a stack at each start, before anything listens. */
export function firewallUnit(stack: string): string {
  return `# Written by Slipway.
[Unit]
Description=Who reaches the ports of ${stack}
DefaultDependencies=no
After=local-fs.target nftables.service
Before=network-pre.target
Wants=network-pre.target
# Their configuration begins by removing all tables, ours as well.
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft --file ${nft(stack)}
ExecReload=/usr/sbin/nft --file ${nft(stack)}
ExecStop=/usr/sbin/nft delete table ${table(stack)}

[Install]
WantedBy=multi-user.target nftables.service
`;
}

/** The same for System V. */
export function firewallScript(stack: string): string {
  return `#!/bin/sh
### BEGIN INIT INFO
# Provides:          slipway-${stack}-firewall
# Required-Start:    $local_fs
# Required-Stop:     $local_fs
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: Who reaches the ports of ${stack}
### END INIT INFO
# chkconfig: 2345 08 92
# Written by Slipway.
case \${1:-} in
  start | restart | force-reload) nft --file ${nft(stack)} ;;
  stop) nft delete table ${table(stack)} 2>/dev/null || true ;;
  status) nft list table ${table(stack)} >/dev/null 2>&1 || exit 3 ;;
  *)
    echo "usage: $0 {start|stop|restart|force-reload|status}" >&2
    exit 2
    ;;
esac
`;
}
