import { APACHE, backslashes, PYTHON, SERVICE_PORT, stackFolder } from "./windows-layout.ts";

export interface WindowsReadme {
  readonly stack: string;
  readonly app: string;
  readonly hostname: string;
  readonly http: number;
  readonly https: number;
  /** Major version of PostgreSQL; undefined for a stack without a server of its own. */
  readonly postgres: number | undefined;
  /** The certificate is in the export. */
  readonly hasCertificate: boolean;
  readonly isWeb2py: boolean;
  /** Port of the end of a tunnel to the administration. */
  readonly tunnel: number | undefined;
  /** What the stack has and Windows has not, in words. */
  readonly missing: readonly string[];
}

/** The text of `README.md`. */
export function windowsReadme(readme: WindowsReadme): string {
  const { stack, app, hostname, http, https, postgres, hasCertificate, isWeb2py, tunnel, missing } = readme;
  const folder = backslashes(stackFolder(stack));
  const steps = [
    `Copy this folder to the machine over an encrypted connection, and open PowerShell as administrator in it. Keys and
   passwords are in it: delete it there when you are done; \`install.ps1\` stays in \`${folder}\` for \`-Verify\` and \`-Uninstall\`.`,
    `Install Python 3.13 (64 bit) of python.org for all users to \`${backslashes(PYTHON)}\`.`,
    ...(postgres === undefined ? [] : [database(folder, postgres)]),
    apache(),
    modWsgi(app, stack),
    certificate(folder, hostname, hasCertificate),
    `Look at the script, then run it. It changes nothing that is so already, so it is also what installs the next release:

   \`\`\`powershell
   Set-ExecutionPolicy -Scope Process RemoteSigned
   .\\install.ps1 -ModWsgi C:\\wheels\\mod_wsgi-6.1.1-cp313-cp313-win_amd64.whl
   \`\`\``,
    `Open the ports for visitors: \`New-NetFirewallRule -DisplayName slipway-${stack} -Direction Inbound -Protocol TCP -LocalPort ${http}, ${https} -Action Allow\`.`,
  ];
  return `# ${app} of ${stack} on Windows

Written by \`npm run export -- ${stack} --target windows\`. Everything goes to \`${folder}\`; the files name that folder, so it
cannot be another one.

## Steps

${steps.map((step, at) => `${at + 1}. ${step}`).join("\n")}

## Verify

\`.\\install.ps1 -Verify\` looks and changes nothing: the packages are those of this release, nobody but administrators and the
service reads the secrets,${postgres === undefined ? "" : " PostgreSQL listens on the loopback address,"} the service runs, Apache takes its configuration, plain http leads to
https, and the application answers on its health path.

## Undo

\`.\\install.ps1 -Uninstall\` takes the site out of \`httpd.conf\` and removes the service and the packages. What the application has
written, its settings and its secrets stay in \`${folder}\`: delete that folder by hand.
${tunnel === undefined ? "" : administration(tunnel)}
## As a service, without Apache

\`.\\install.ps1 -Server Service -WinSW C:\\Downloads\\WinSW-x64.exe\` makes a Windows service \`slipway-${stack}-${app}\` that starts with
the machine, runs as an account of its own without a password, is started again when it fails, and logs to
\`${folder}\\${app}\\logs\`. It needs WinSW 2.12.0 (https://github.com/winsw/winsw/releases/tag/v2.12.0). Then:

\`\`\`powershell
Start-Service slipway-${stack}-${app}
Stop-Service slipway-${stack}-${app}
\`\`\`

It listens on 127.0.0.1:${SERVICE_PORT} without TLS, for a proxy on the same machine (IIS, Apache) that sets \`X-Forwarded-For\` and
\`X-Forwarded-Proto\` itself, refuses the paths of an administration and hands requests on. ${
    isWeb2py
      ? `web2py's own server runs there, with the
options of \`options.py\` (\`web2py.py -L options.py --add_options\`). \`web2py.py -W install\` is gone from web2py, with Python 2. There is
no administration here, whatever the stack says.`
      : "Waitress runs there."
  }

## What is not there

${missing.map((line) => `- ${line}`).join("\n")}
`;
}

function database(folder: string, version: number): string {
  return `Install PostgreSQL ${version} by its own installer (postgresql.org). \`-Prepare\` makes \`${folder}\`, which
   administrators alone read, and fills it; put nothing there before. Then run both files and start PostgreSQL again:

   \`\`\`powershell
   Set-ExecutionPolicy -Scope Process RemoteSigned
   .\\install.ps1 -Prepare
   $psql = 'C:\\Program Files\\PostgreSQL\\${version}\\bin\\psql.exe'
   & $psql -U postgres -f ${folder}\\postgres\\server.sql
   & $psql -U postgres -f ${folder}\\postgres\\roles.sql
   Restart-Service postgresql-x64-${version}
   \`\`\``;
}

function apache(): string {
  return `Unpack Apache 2.4 (Win64) of Apache Lounge to \`${backslashes(APACHE)}\`, and install the Visual C++ runtime that it names. It has to be
   built with OpenSSL 3.5 or newer, as its downloads are since 2025: the TLS profile names a curve that older ones lack.`;
}

function modWsgi(app: string, stack: string): string {
  return `Get a wheel of mod_wsgi for this Python and this Apache. PyPI has the source alone, which is built on a machine with the
   Build Tools of Visual Studio, Python and Apache in the same folders:

   \`\`\`powershell
   $env:MOD_WSGI_APACHE_ROOTDIR = '${APACHE}'
   ${backslashes(PYTHON)}\\python.exe -m pip wheel --no-deps --wheel-dir C:\\wheels mod_wsgi==6.1.1
   \`\`\`

   \`install.ps1\` asks \`mod_wsgi-express module-config\` of it for the lines LoadFile, LoadModule and WSGIPythonHome, and writes
   them to \`conf\\extra\\slipway-${stack}-python.conf\`; its files stay below \`${backslashes(stackFolder(stack))}\\${app}\\venv\`.`;
}

function certificate(folder: string, hostname: string, has: boolean): string {
  return has
    ? `The certificate of the site is in this export: \`install.ps1\` copies it to \`${folder}\\tls\`, each time.`
    : `Run \`.\\install.ps1 -Prepare\` first. Put the certificate of ${hostname} with its issuers to \`${folder}\\tls\\chain.pem\`, and its key to \`${folder}\\tls\\key.pem\`, both as PEM.
   win-acme gets and renews one by DNS validation, for the site answers all of port 80 itself; to try it out, \`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30
   -subj /CN=${hostname} -addext subjectAltName=DNS:${hostname} -keyout key.pem -out chain.pem\` (\`openssl.exe\` comes with Apache).`;
}

function administration(port: number): string {
  return `
## Administration

Its paths answer 404 to visitors. On the loopback address the site is served with them; from another machine, through OpenSSH:
\`ssh -L ${port}:127.0.0.1:${port} administrator@<machine>\`, then https://localhost:${port}/.
`;
}
