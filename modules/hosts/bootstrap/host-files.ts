/** Settings of the SSH server, sshd_config(5); the first value counts, so the file has to be the first of its folder. */
export function sshdConf(): string {
  return `# Written by Slipway (npm run bootstrap); changes are lost.
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
X11Forwarding no
# A deployment opens dozens of sessions in one connection.
MaxSessions 100
MaxStartups 50:30:200
`;
}

/** Upgrades for security are installed by themselves; nothing is restarted that asks for a reboot. */
export function unattendedUpgradesConf(): string {
  return `// Written by Slipway (npm run bootstrap); changes are lost.
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
APT::Periodic::AutocleanInterval "7";
Unattended-Upgrade::Automatic-Reboot "false";
Unattended-Upgrade::Remove-Unused-Dependencies "true";
`;
}

/** What the journal may take, journald.conf(5). */
export function journaldConf(): string {
  return `# Written by Slipway (npm run bootstrap); changes are lost.
[Journal]
SystemMaxUse=1G
MaxRetentionSec=3month
`;
}
