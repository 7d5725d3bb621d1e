import { ADMIN_CONSOLE_PORT, CONFIGURATION, stackFolder } from "./cherokee-layout.ts";

export interface CherokeeReadme {
  readonly stack: string;
  readonly apps: readonly string[];
  readonly hostname: string;
  readonly databases: readonly { readonly name: string; readonly version: number }[];
  readonly caches: readonly string[];
  /** Port of the end of a tunnel to the administration of applications. */
  readonly tunnel: number | undefined;
  readonly missing: readonly string[];
}

/** What leads from a workstation to Cherokee's own administration. */
export function forwardCommand(hostname: string): string {
  return `ssh -L ${ADMIN_CONSOLE_PORT}:127.0.0.1:${ADMIN_CONSOLE_PORT} root@${hostname}`;
}

/** The text of `README.md`. */
export function cherokeeReadme({
  stack,
  apps,
  hostname,
  databases,
  caches,
  tunnel,
  missing,
}: CherokeeReadme): string {
  const folder = stackFolder(stack);
  const steps = [
    "Copy this folder to the host over an encrypted connection. Keys and passwords are in it: delete it there when you are done.",
    `Have Cherokee: this is for a host that has it already. No distribution packages it any more, its last commit is of January
   2023, and the script that configures its build insists on Python 2, which Debian has no longer either. Its sources are at
   https://github.com/cherokee/webserver; they have to be built with \`--sysconfdir=/etc --localstatedir=/var\` and libssl.`,
    `Put the certificate of ${hostname} with its issuers to \`${CONFIGURATION}/tls/chain.pem\`, and its key to
   \`${CONFIGURATION}/tls/key.pem\`, both as PEM; the key with mode 0600.`,
    ...databases.map(
      ({
        name,
        version,
      }) => `Set up PostgreSQL ${version} (\`apt-get install postgresql\`) for \`${name}\`, listening on 127.0.0.1 with TLS:

   \`\`\`sh
   install -d -o postgres -g postgres -m 700 ${folder}/${name}
   install -o postgres -g postgres -m 600 ${name}/secrets/* ${folder}/${name}/
   su postgres -c "psql -c \\"ALTER SYSTEM SET ssl_cert_file = '${folder}/${name}/server.crt'\\" -c \\"ALTER SYSTEM SET ssl_key_file = '${folder}/${name}/server.key'\\" -c 'ALTER SYSTEM SET ssl = on'"
   systemctl restart postgresql
   su postgres -c 'psql -f -' < ${name}/roles.sql
   \`\`\``,
    ),
    ...(caches.length > 0
      ? [
          `Set up memcached on 127.0.0.1:11211 (\`apt-get install memcached\`)${caches.length > 1 ? `: one takes the place of ${caches.join(", ")}` : ""}.`,
        ]
      : []),
    `See what \`${CONFIGURATION}/cherokee.conf\` has now: Cherokee has this one configuration, and the script puts that of ${stack} in its place.
   **Other sites of it are served no longer.** A copy is kept as \`cherokee.conf.before-slipway\`, or as \`cherokee.conf.replaced\`
   where there is such a copy already. A host that has to serve both takes another web server.`,
    `Look at the script, then run it as root: \`./install.sh\`. It makes the release beside the one that is served, prepares it, and
   only then puts it in its place. Cherokee starts the applications by itself, with the first request. Where it runs already, it
   reads a new configuration at SIGHUP, and finishes the requests at hand; elsewhere the script starts it.`,
    "Verify: `./install.sh --verify`.",
  ];
  return `# ${apps.join(", ")} of ${stack} behind Cherokee

Written by \`npm run export -- ${stack} --target cherokee\`, for Debian. Everything goes to \`${folder}\`.

## Steps

${steps.map((step, at) => `${at + 1}. ${step}`).join("\n")}

## The next release

Export anew, and run \`./install.sh\` again: it changes nothing that is so already. A release that cannot be prepared is not served,
and the one before still is. A release is known by what was exported: what is edited in this folder afterwards is not seen. The one
before is kept in \`releases\` of its application; older ones go. Once the database is migrated it stays so.

## Undo

\`./install.sh --uninstall\` puts the configuration of before back, which Cherokee reads, and removes code, settings, passwords and
packages of Python. What the applications have written stays in \`${folder}\`: delete that folder by hand.

## Cherokee's own administration

\`./start-admin.sh\` starts it on 127.0.0.1:${ADMIN_CONSOLE_PORT}, and prints a password for this once. It must never listen elsewhere. From your
own machine:

\`\`\`sh
${forwardCommand(hostname)}
\`\`\`

then http://localhost:${ADMIN_CONSOLE_PORT}/. What is changed there, the next \`./install.sh\` puts back.
${
  tunnel === undefined
    ? ""
    : `
## Administration of the applications

Its paths answer 404 to visitors. Through a tunnel the site is served with them: \`ssh -L ${tunnel}:127.0.0.1:${tunnel} root@${hostname}\`,
then https://localhost:${tunnel}/.
`
}
## What is not there

${missing.map((line) => `- ${line}`).join("\n")}
`;
}
