import type { Service } from "./service.ts";

/** Of all stacks of a machine: the account of one application is that of the others. */
const HIDDEN = ["/etc/slipway", "/var/lib/slipway", "/var/log/slipway"];
const hidden = (path: string) => HIDDEN.some((folder) => path.startsWith(`${folder}/`));

/** The text of a service of systemd, which keeps from it whatever it does not need: systemd.exec(5). */
export function systemdUnit(service: Service, group: string): string {
  const { privilegedPort, needs, stop, mounts } = service;
  const units = needs.map((name) => ` ${name}.service`).join("");
  const storage = mounts.map(({ unit }) => ` ${unit}`).join("");
  const capability = privilegedPort ? "CAP_NET_BIND_SERVICE" : "";
  return `# Written by Slipway.
[Unit]
Description=${service.description}
After=network-online.target local-fs.target remote-fs.target${units}${storage}
Wants=network-online.target${units}
${storage === "" ? "" : `# Without its storage it would write below it. When that comes, it starts as well.\nRequires=${storage.trim()}\n`}PartOf=${group}
# Tried again for as long as it takes: what it waits for may be on another machine.
StartLimitIntervalSec=0

[Service]
Type=exec
User=${service.account}
Group=${service.account}
WorkingDirectory=${service.directory}
EnvironmentFile=${service.environment}
RuntimeDirectory=${service.run} ${service.run}/tmp
RuntimeDirectoryMode=0750
RuntimeDirectoryPreserve=restart
ExecStart=${service.command.map(word).join(" ")}
${service.after === undefined ? "" : `ExecStartPost=${service.after.map(word).join(" ")}\n`}${service.reload === undefined ? "" : `ExecReload=${service.reload}\n`}StandardOutput=append:${service.log}
StandardError=inherit
Restart=always
RestartSec=1
KillMode=mixed
KillSignal=${stop.signal}
TimeoutStopSec=${stop.grace}
TimeoutStartSec=${service.recovers ? "infinity" : service.patience}
MemoryMax=${service.memory}
MemorySwapMax=0
TasksMax=${service.processes}
LimitNOFILE=65536
UMask=0027

CapabilityBoundingSet=${capability}
AmbientCapabilities=${capability}
NoNewPrivileges=yes
ProtectSystem=strict
# Of the folders of all stacks only its own are there.
TemporaryFileSystem=${HIDDEN.map((folder) => `${folder}:ro`).join(" ")}
BindPaths=${service.writes.filter(hidden).join(" ")}
BindReadOnlyPaths=${service.reads.filter(hidden).join(" ")}
ReadWritePaths=${service.writes.join(" ")}
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
SystemCallArchitectures=native

[Install]
WantedBy=multi-user.target${storage}
`;
}

/** The target that all services of a stack on this machine belong to. */
export function systemdTarget(stack: string, services: readonly string[]): string {
  return `# Written by Slipway.
[Unit]
Description=${stack}, all that this machine has of it
Wants=${services.map((name) => `${name}.service`).join(" ")}

[Install]
WantedBy=multi-user.target
`;
}

/** A word of a command line as systemd.service(5) reads it. */
function word(text: string): string {
  const plain = text.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[\w@%+=:,./$-]+$/.test(plain)
    ? plain
    : `"${plain.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
