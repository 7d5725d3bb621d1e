import type { ExportedStack } from "../export/exported-stack.ts";
import type { Exportable } from "./exportable.ts";
import type { Family } from "./family.ts";
import { type MachineFiles, servicesOf } from "./machine-files.ts";
import { repositoryCommands } from "./repository.ts";

const LOOPBACK = "127.0.0.1";

/** The steps, in order, for whoever gets the folder. */
export function readme(
  stack: ExportedStack,
  parts: readonly MachineFiles[],
  leftOut: Exportable["leftOut"],
  family: Family,
): string {
  const { name, description } = stack;
  const several = parts.length > 1;
  const scripts = description.sharedFolders.filter(({ script }) => script !== null);
  const repositories = repositoryCommands(family.repositories, parts);
  const first = repositories === "" ? 1 : 2;
  return `# ${name} for ${family.description}

Written by \`npm run export -- ${name} --target ${family.name}\`; the next export replaces this folder. Keys and passwords are in
it: copy it by SSH alone, and keep it readable to nobody else.

## Where everything is

${parts
  .map(
    ({ machine, instances }) =>
      `- \`${machine.name}/\`${several ? ` for ${machine.address}` : ""}: ${instances
        .map(({ placed }) => `${placed.instance} (${placed.workload.role})`)
        .join(", ")}`,
  )
  .join("\n")}

Each of these folders has the script \`install\`, the list \`plan\` of what it does, all files below \`root/\` at their paths,
services for systemd and scripts for System V; the machine's own init decides which are taken.

## Steps
${scripts.length === 0 ? "" : `\n0. On the storage host, as root: read and run ${scripts.map(({ path }) => `\`storage/${path.split("/").at(-1)}.sh\``).join(" and ")}.\n`}${
  repositories === ""
    ? ""
    : `
1. ${several ? "On each machine that is named" : "On the machine"}, as root: add the repositories with what the distribution has not, or has switched off.

${repositories}`
}
${first}. Copy ${several ? "each folder to its machine, in this order, and go on with the next when it is installed" : "the folder to the machine"}, in place of an earlier one:

   \`\`\`
${parts.map(({ machine }) => `   tar -C ${machine.name} -c . | ssh root@${several ? machine.address : "HOST"} 'rm -rf slipway-${name} && mkdir -m 0700 slipway-${name} && tar -C slipway-${name} -x'`).join("\n")}
   \`\`\`

${first + 1}. There, as root, look whether it can be installed; nothing is changed:

   \`\`\`
   sh /root/slipway-${name}/install check
   \`\`\`

${first + 2}. Install. Run again, it changes only what differs; nodes get their files and start one after another, and one that does not get
   healthy leaves the others as they were:

   \`\`\`
   sh /root/slipway-${name}/install
   \`\`\`

${first + 3}. Try it out, there and from where this was exported:

   \`\`\`
   sh /root/slipway-${name}/install verify
${description.edges.map((edge) => `   ${verifyLine(stack, edge.name, parts)}\n`).join("")}   \`\`\`

${first + 4}. To undo it: \`sh /root/slipway-${name}/install uninstall\`, with \`--purge\` to remove data, logs, accounts and packages too.

A host that does not reach PyPI takes packages from a folder \`wheels\` beside the script, made on a machine of the same kind:
\`pip download --dest wheels -r …\` with the requirements of \`root/opt/slipway/${name}\`.
${
  parts.some(({ instances }) => instances.some(({ build }) => build !== undefined))
    ? `
A module of lighttpd is made on the host, with the sources of the version that is installed there: from the repositories of
\`/etc/apt\`, which stay as they are, or from a folder \`sources\` beside the script with \`lighttpd_….orig.tar.xz\`, as
\`apt-get source --download-only lighttpd\` gets it on a machine of the same kind. After an upgrade to another release of the
distribution, run the script again: lighttpd does not load a module that was made for another version.
`
    : ""
}
## Services

${parts
  .map(({ machine, instances }) =>
    servicesOf(name, instances)
      .map((service) => `- ${several ? `${machine.name}: ` : ""}\`${service}\``)
      .join("\n"),
  )
  .join("\n")}

\`systemctl status slipway-${name}.target\` and \`sh install status\` tell what runs; logs are in \`/var/log/slipway/${name}\`. Applications
of a machine have one account, slipway-app: what systemd starts sees no folder of another, what System V starts may. Without
systemd nothing limits memory either, or starts again what ended: \`service slipway-${name}-… start\` does.
${tunnel(stack, parts)}${
  leftOut.length === 0
    ? ""
    : `
## Left out

${leftOut.map(({ name, why }) => `- ${name}: ${why}`).join("\n")}
`
}`;
}

/** How an edge is tried out from where the stack was exported. */
function verifyLine(
  { name, description }: ExportedStack,
  edge: string,
  parts: readonly MachineFiles[],
): string {
  const machine = parts.find(({ instances }) =>
    instances.some(({ placed }) => placed.instance === edge),
  )?.machine;
  const host = machine === undefined || machine.address === LOOPBACK ? "HOST" : machine.address;
  const written = description.edges.find((one) => one.name === edge);
  const which = description.edges.length > 1 ? ` --edge ${edge}` : "";
  const verify = (address: string) => `npm run verify -- ${name}${which} --at ${address}`;
  if (written?.address !== LOOPBACK) return verify(host === "HOST" ? "ADDRESS" : host);
  // Nobody else reaches it; a tunnel does.
  const ports = [written.ports.http, written.ports.https].filter((port) => port !== null);
  return `${sshTo(host, ports, "-f")} && ${verify(LOOPBACK)}`;
}

/**
 * A tunnel to ports of the loopback interface, by the same ports here. Where one is taken here, by the same stack on Docker
 * above all, ssh would only warn; and without an address it is content when ::1 has the port free.
 */
function sshTo(host: string, ports: readonly (number | null)[], ...options: readonly string[]): string {
  const forwards = ports.map((port) => `-L ${LOOPBACK}:${port}:${LOOPBACK}:${port}`);
  return ["ssh -o ExitOnForwardFailure=yes", ...options, "-N", ...forwards, `root@${host}`].join(" ");
}

/** How the administration is reached where only a tunnel leads to it (recipe 11). */
function tunnel({ description }: ExportedStack, parts: readonly MachineFiles[]): string {
  return description.edges
    .filter(({ admin, ports }) => admin === "through-tunnel" && ports.admin !== null)
    .map(({ name, ports, routes }) => {
      const machine = parts.find(({ instances }) =>
        instances.some(({ placed }) => placed.instance === name),
      )?.machine;
      const host = machine === undefined || machine.address === LOOPBACK ? "HOST" : machine.address;
      const paths = routes.flatMap(({ adminPaths }) => adminPaths);
      return `
## Administration

It listens on the loopback interface of its machine alone. From yours:

\`\`\`
${sshTo(host, [ports.admin])}
\`\`\`

Then open https://127.0.0.1:${ports.admin}${paths[0] ?? "/"}.
`;
    })
    .join("");
}
