import { ROOT } from "./app-engine-layout.ts";

export interface AppEngineReadme {
  readonly stack: string;
  readonly app: string;
  /** What the names of the secrets begin with. */
  readonly prefix: string;
  readonly secrets: readonly string[];
  /** Of the stack: name, role and major version of PostgreSQL; undefined without one. */
  readonly database: { readonly name: string; readonly version: number } | undefined;
  readonly hostname: string;
  readonly healthPath: string;
  readonly instances: number;
  readonly missing: readonly string[];
}

/** The text of `README.md`. */
export function appEngineReadme(readme: AppEngineReadme): string {
  const { stack, app, prefix, secrets, database, hostname, healthPath, instances, missing } = readme;
  const steps = [
    `Choose a project and a region, once for a project:

   \`\`\`sh
   gcloud config set project PROJECT_ID
   gcloud app create --region=REGION
   gcloud services enable secretmanager.googleapis.com${database ? " sqladmin.googleapis.com servicenetworking.googleapis.com vpcaccess.googleapis.com" : ""}
   \`\`\``,
    ...(database === undefined ? [] : [cloudSql(app, prefix, database)]),
    ...(secrets.length === 0 ? [] : [secretManager(prefix)]),
    ...(database === undefined ? [] : [migration(app)]),
    "Deploy, in this folder: `gcloud app deploy app.yaml --no-promote`. `.gcloudignore` keeps the secrets from being uploaded.",
    `Look at the address that it prints, at \`${healthPath}\`; it has to answer 200. Then let visitors in: \`gcloud app versions migrate VERSION\`.`,
    `Lead ${hostname} there: \`gcloud app domain-mappings create ${hostname}\`, and write the records that it names.`,
  ];
  return `# ${app} of ${stack} on App Engine

Written by \`npm run export -- ${stack} --target app-engine\`, for the standard environment with Python 3.13. Replace PROJECT_ID, REGION
and PRIVATE_IP wherever they stand${database ? ", in `app.yaml` as well" : ""}.

## Steps

${steps.map((step, at) => `${at + 1}. ${step}`).join("\n")}

## Verify

- \`gcloud app browse --no-launch-browser\` with \`${healthPath}\` answers 200, and http leads to https.
- \`gcloud app logs read\` shows no ticket and no error.
- \`gcloud app versions list\` has all traffic at this version, and \`gcloud app instances list\` no more than ${instances}.

## Undo

\`gcloud app versions migrate\` with the version before gives visitors that one; \`gcloud app versions delete VERSION\` removes this one.
The database and the secrets stay until you delete them.

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
- PostgreSQL is Cloud SQL, over a private address.
- Names and numbers of instances are Google's: at most ${instances}, as the role in the database allows no more connections.
- TLS, its profile and its certificate are Google's as well.

## What is not there

${missing.map((line) => `- ${line}`).join("\n")}
`;
}

function cloudSql(app: string, prefix: string, { name, version }: { name: string; version: number }): string {
  return `Make the database, and a connector to its network:

   \`\`\`sh
   gcloud compute networks vpc-access connectors create slipway --region=REGION --range=10.8.0.0/28
   gcloud sql instances create slipway-${name} --database-version=POSTGRES_${version} --region=REGION --edition=enterprise \\
     --tier=db-custom-1-3840 --network=default --no-assign-ip --ssl-mode=ENCRYPTED_ONLY --backup
   gcloud sql databases create ${app} --instance=slipway-${name}
   gcloud sql users create ${app} --instance=slipway-${name} --password="$(sed -E 's|.*://[^:]*:([^@]*)@.*|\\1|' secrets/${name}-url)"
   gcloud sql instances describe slipway-${name} --format='value(serverCaCert.cert)' > secrets/${name}-ca
   sed -i "s/PRIVATE_IP/$(gcloud sql instances describe slipway-${name} --format='value(ipAddresses[0].ipAddress)')/" secrets/*-url
   \`\`\`

   A private address needs a connection of services in the network, once for a project (\`gcloud services vpc-peerings connect\`).
   The names of the secrets begin with \`${prefix}-\`.`;
}

function secretManager(prefix: string): string {
  return `Put the secrets into Secret Manager, and let the application read them, and nothing else:

   \`\`\`sh
   for file in secrets/*; do
     name=${prefix}-$(basename "$file" | tr . -)
     gcloud secrets describe "$name" >/dev/null 2>&1 || gcloud secrets create "$name" --replication-policy=automatic
     gcloud secrets versions add "$name" --data-file="$file"
     gcloud secrets add-iam-policy-binding "$name" --role=roles/secretmanager.secretAccessor \\
       --member=serviceAccount:PROJECT_ID@appspot.gserviceaccount.com
   done
   \`\`\``;
}

function migration(app: string): string {
  return `Migrate the database before each release, from a machine in its network: serving instances never do. With the packages of
   \`requirements.txt\` in \`venv\`:

   \`\`\`sh
   SLIPWAY_SECRETS=secrets venv/bin/python prepare.py
   \`\`\`

   It ends with an error when ${app} does not work on the database.`;
}
