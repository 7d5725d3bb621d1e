import { cronTimes } from "./cron-line.ts";
import type { HostedApp } from "./hosted-app.ts";

/** The steps, in their order, for people with a shell and for those without one. */
export function readme(stack: string, app: HostedApp): string {
  const { folder, at, addresses, jobs } = app;
  const shown = `public_html${at === "/" ? "" : at}`;
  return `# ${app.name} of the stack ${stack}, for a shared host

Written by Slipway (\`npm run export\`). For an account at a hosting company whose Apache is out of reach but for
\`.htaccess\`, with Python 3.11 or newer.

| folder | where it goes |
| --- | --- |
| \`private/\` | \`~/${folder}\`, **beside** the folder that visitors see, never into it: code, settings, passwords |
| \`public/\` | \`~/${shown}\`: static files |
| one of \`mod_python/\`, \`cgi/\`, \`fastcgi/\`, \`passenger/\` | \`~/${shown}\`, with its \`.htaccess\` |

Which one: \`passenger/\` where the panel has "Setup Python App"; \`fastcgi/\` where the host has mod_fcgid; \`mod_python/\` where it
has that, and Apache runs as your account; \`cgi/\` nearly everywhere, and slowly: each request starts Python.

## With a shell

1. Upload this folder, and go into it.
${numbered(
  [
    ...addresses.map(
      (name) =>
        `Make a PostgreSQL database in the panel, and write its address into \`private/secrets/${name}\`: \`postgresql://USER:PASSWORD@HOST:5432/DATABASE\`.`,
    ),
    `With "Setup Python App" in the panel, make the application there first (root \`${folder}\`, startup file \`passenger_wsgi.py\`, entry point \`application\`), and give the command by which the panel says to enter its virtual environment.`,
    `\`sh install.sh install cgi\` (or another of the four; \`sh install.sh\` tells its options). It may be run again at any time.`,
    ...(jobs.length > 0 ? ["Add the lines of cron below."] : []),
    `\`sh install.sh verify https://your.domain${at === "/" ? "" : at}\``,
    "Remove this folder: passwords are in it. Keep it elsewhere, for `sh install.sh uninstall`.",
  ],
  2,
)}

## Without a shell, by SFTP and the panel

${numbered(
  [
    ...addresses.map(
      (name) =>
        `Make a PostgreSQL database in the panel, and write its address into \`private/secrets/${name}\` before you upload it.`,
    ),
    `Upload \`private/\` as \`${folder}\` into your home. Set \`${folder}/secrets\` to 700 and the files in it to 600. For a new version, remove \`${folder}/app\` on the host first; \`shared\`, \`state\` and \`secrets\` stay.`,
    `Packages: with "Setup Python App" name \`${folder}\` as the root of the application, \`passenger_wsgi.py\` as the startup file and \`application\` as the entry point, and let it install \`requirements.txt\`. Otherwise, on a Linux of yours with the Python version of the host: \`pip install --target private/packages -r private/requirements.txt\`, and upload \`packages\` with the rest.`,
    `Upload what is in \`public/\`, and what is in the folder of your handler, into \`${shown}\`. \`slipway.cgi\` and \`slipway.fcgi\` are 755, everything else 644. Where the panel has put lines of its own into \`.htaccess\`, keep them below ours.`,
    "Where the host's `python3` is older than 3.11, change the first line of `slipway.cgi` or `slipway.fcgi` to one that is not, such as `#!/usr/bin/python3.11`.",
    ...(app.migration === ""
      ? []
      : [
          `Tables: let cron run \`PYTHON ~/${folder}/manage.py migrate\` once, after each upload of a new version, and remove the line when it was done. PYTHON is the one of the panel's virtual environment, as "Setup Python App" shows it, or else a \`python3\` of 3.11 or newer.`,
        ]),
    ...(jobs.length > 0 ? ["Add the lines of cron below in the panel."] : []),
    "Open the addresses of the next section in a browser.",
  ],
  1,
)}

## What has to be true

${probes(app)
  .map(
    ({ path, what, allowed }) =>
      `- \`${path}\` ${allowed === undefined ? "does not show the file" : `answers ${allowed.join(" or ")}`}: ${what}`,
  )
  .join("\n")}

## Settings

- **https**: \`.htaccess\` leads visitors there. To turn it off, see SWITCH in it, or \`sh install.sh install cgi --http\`.
- **A proxy of the host** in front of Apache (visitors go in circles, or all have one address): \`sh install.sh install cgi
  --behind-proxy\`, or set \`behindProxy\` to \`true\` in \`${folder}/site.json\` and see the comment at SWITCH. Only there: everybody
  else may claim to be such a proxy.
- **A new version** is seen by CGI at once, by FastCGI two seconds after \`site.json\` was uploaded (so upload it last), by Passenger
  after "Restart" in the panel, and by mod_python when the processes of Apache end, which only the host can hasten.
- **Another place for the private folder**: \`PRIVATE\` at the top of the script in \`${shown}\`.
- **Something is wrong**: lines that begin with \`slipway:\` in the error log of the panel, or \`manage.py check\`.
${
  jobs.length === 0
    ? ""
    : `
## Jobs, as lines of cron

By the clock of the host. A run that meets the one before is left out. Where the panel has a virtual environment for the application,
write its Python in place of \`$HOME/${folder}/venv/bin/python\`; where packages were uploaded, a \`python3\` of 3.11 or newer.

\`\`\`
${jobs.map((job) => `${cronTimes(job.schedule)} $HOME/${folder}/venv/bin/python $HOME/${folder}/manage.py job ${job.name}`).join("\n")}
\`\`\`
`
}
## Left out, and what stands in for it

${app.leftOut.map((line) => `- ${line}`).join("\n")}
`;
}

const numbered = (steps: readonly string[], from: number): string =>
  steps.map((step, at) => `${at + from}. ${step}`).join("\n");

/** A path that a site is asked for, and what it may answer. */
export interface Probe {
  readonly path: string;
  readonly what: string;
  /** Statuses that are allowed; undefined where an application may have an answer of its own. */
  readonly allowed?: readonly number[];
  /** A file of the private folder that must not be the answer. */
  readonly hides?: string;
}

/** What a site shows, and what it must not show. */
export function probes({ at, health, statics, adminPath, secrets, folder }: HostedApp): readonly Probe[] {
  const root = at === "/" ? "" : at;
  const [file] = statics.flatMap(({ path, files }) => [...files.keys()].map((name) => `${path}/${name}`));
  const [secret] = secrets.keys();
  const password = secret === undefined ? "site.json" : `secrets/${secret}`;
  return [
    { path: health, what: "the application works", allowed: [200] },
    ...(file === undefined
      ? []
      : [{ path: `${root}/${encodeURI(file)}`, what: "a static file", allowed: [200] }]),
    { path: `${root}/.htaccess`, what: "the rules are nobody's business", allowed: [403, 404] },
    { path: `${root}/slipway_site.py`, what: "source is not shown", hides: "slipway_site.py" },
    { path: `${root}/${folder}/${password}`, what: "a password is not shown", hides: password },
    { path: `${root}/../${folder}/${password}`, what: "nor by climbing", allowed: [400, 403, 404] },
    ...(adminPath === undefined
      ? []
      : [{ path: adminPath, what: "the administration is refused", allowed: [404] }]),
  ];
}
