import type { AppEngineDatabase } from "./app-engine-database.ts";
import { ROOT } from "./app-engine-layout.ts";
import { CLOUD_SQL_UNKNOWN, knownCloudSql, madeCloudSql } from "./cloud-sql.ts";
import { secretManager } from "./secret-manager.ts";

export interface AppEngineReadme {
  readonly stack: string;
  readonly app: string;
  /** What the names of the secrets begin with. */
  readonly prefix: string;
  readonly secrets: readonly string[];
  readonly database: AppEngineDatabase | undefined;
  /** Whether a release changes tables of the database. */
  readonly migrates: boolean;
  readonly hostname: string;
  readonly healthPath: string;
  readonly instances: number;
  readonly missing: readonly string[];
}

/** The text of `README.md`. */
export function appEngineReadme(readme: AppEngineReadme): string {
  const { stack, app, prefix, secrets, database, migrates, hostname, healthPath, instances, missing } =
    readme;
  const cloudSql = database?.kind === "cloud-sql" ? database : undefined;
  const before = [
    `Choose a project and a region:

   \`\`\`sh
   gcloud config set project PROJECT_ID
   gcloud app create --region=REGION
   gcloud services enable secretmanager.googleapis.com${cloudSql ? CLOUD_SQL_SERVICES : ""}
   \`\`\``,
    ...(cloudSql ? [madeCloudSql(app, cloudSql)] : []),
  ];
  const release = [
    ...(cloudSql ? [knownCloudSql(cloudSql)] : []),
    ...(secrets.length === 0
      ? []
      : [secretManager(prefix, cloudSql ? Object.values(CLOUD_SQL_UNKNOWN) : [])]),
    ...(migrates && database ? [migration(app, database)] : []),
    "Deploy, in this folder: `gcloud app deploy app.yaml --no-promote`. `.gcloudignore` keeps the secrets from being uploaded.",
    `Look at the address that it prints, at \`${healthPath}\`; it has to answer 200. Then let visitors in:
   \`${traffic}\`.`,
  ];
  return `# ${app} of ${stack} on App Engine

Written by \`npm run export -- ${stack} --target app-engine\`, for the standard environment with Python 3.13. Each export replaces this
folder as a whole: so after each one replace PROJECT_ID and REGION wherever they stand, such as by

\`\`\`sh
sed -i 's/PROJECT_ID/my-project/g; s/REGION/europe-west1/g' README.md app.yaml
\`\`\`

## Once, before the first release

${numbered(before)}

## For each release

${numbered(release)}

## Once, after the first release

Lead ${hostname} there: \`gcloud app domain-mappings create ${hostname}\`, and write the records that it names.

## Verify

- \`gcloud app browse --no-launch-browser\` with \`${healthPath}\` answers 200, and http leads to https.
- \`gcloud app logs read\` shows no ticket and no error.
- \`gcloud app versions list\` has all traffic at this version, and \`gcloud app instances list\` no more than ${instances}.

## Undo

\`${traffic}\` with the version before gives visitors that one;
\`gcloud app versions delete VERSION\` removes this one. The database and the secrets stay until you delete them.

## Try it here

\`SLIPWAY_SECRETS\` names a folder with the secrets, in place of Secret Manager. Each process then has a folder of its own below
\`/tmp\`, which goes with it; on an instance it is \`${ROOT}\` for all:

\`\`\`sh
python3 -m venv venv && venv/bin/pip install -r requirements.txt
SLIPWAY_SECRETS=secrets PORT=8080 venv/bin/gunicorn --config gunicorn.conf.py main:app
\`\`\`

## Limits of the environment

- The disk is read-only but for \`/tmp\`, which is memory of the instance and goes with it. The code is copied there, because
  frameworks write below it.
- A request may take ten minutes and 32 MiB; the instance is replaced when it grows beyond the memory of its class.
- There are no shared folders. What an application leaves in its folders of errors and cache is that instance's own.
- There is no memcached of ours: the settings name none.
- Sessions are in cookies or in the database; other places are refused when you export.
${databaseLimit(database)}- Names and numbers of instances are Google's: at most ${instances}, as many as the stack has nodes${database ? ", for each opens connections to the database" : ""}.
- TLS, its profile and its certificate are Google's as well.

## What is not there

${missing.map((line) => `- ${line}`).join("\n")}
`;
}

const CLOUD_SQL_SERVICES = ` \\
     compute.googleapis.com sqladmin.googleapis.com servicenetworking.googleapis.com vpcaccess.googleapis.com`;

/** At once: a gradual one would need warmup requests. */
const traffic = "gcloud app services set-traffic default --splits=VERSION=1";

const numbered = (steps: readonly string[]) => steps.map((step, at) => `${at + 1}. ${step}`).join("\n");

function migration(app: string, database: AppEngineDatabase): string {
  const machine =
    database.kind === "cloud-sql" ? "in its network" : `that reaches ${database.host}:${database.port}`;
  return `Migrate the database, from a machine ${machine}: serving instances never do.

   \`\`\`sh
   python3 -m venv venv && venv/bin/pip install -r requirements.txt
   SLIPWAY_SECRETS=secrets venv/bin/python prepare.py
   \`\`\`

   It ends with an error when ${app} does not work on the database.`;
}

function databaseLimit(database: AppEngineDatabase | undefined): string {
  if (database === undefined) return "";
  if (database.kind === "cloud-sql") return "- PostgreSQL is Cloud SQL, over a private address.\n";
  return `- PostgreSQL stays at ${database.host}:${database.port}, and has to let instances in, which come from addresses of Google's. A private
  address needs a connector (\`vpc_access_connector\` in \`app.yaml\`), and none is written.
`;
}
