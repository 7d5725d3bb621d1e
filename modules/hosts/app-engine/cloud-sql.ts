import type { ExportedFile } from "../export/exported-file.ts";

/** What a secret has in place of what Cloud SQL alone knows, until the steps of the README write it there. */
export const CLOUD_SQL_UNKNOWN = { address: "PRIVATE_IP", authority: "SERVER_CA" } as const;

export interface CloudSql {
  /** As that of the stack's own server, whose place it takes. */
  readonly name: string;
  /** Major version of PostgreSQL. */
  readonly version: number;
}

/** A secret for Cloud SQL, which is at another address, with a certificate of Google's for no name that the address has. */
export function cloudSqlSecret(file: ExportedFile, { name }: CloudSql): ExportedFile {
  const text = file.content.toString();
  const { address, authority } = CLOUD_SQL_UNKNOWN;
  if (text.includes(`@${name}:`)) {
    const content = text
      .replace(/@[^/]+\//, `@${address}:5432/`)
      .replace("sslmode=verify-full", "sslmode=verify-ca");
    return { ...file, content };
  }
  return file.path === `secrets/${name}-ca`
    ? { ...file, content: `${authority} of Cloud SQL: README.md\n` }
    : file;
}

/** The step that makes it, and the ways to it. @param app name of the role and of the database */
export function madeCloudSql(app: string, { name, version }: CloudSql): string {
  return `Make the ways to the database, and the database. A network has one peering with Google's services: leave out the first two
   commands where it has it already.

   \`\`\`sh
   gcloud compute addresses create google-managed-services-default --global --purpose=VPC_PEERING --prefix-length=16 --network=default
   gcloud services vpc-peerings connect --service=servicenetworking.googleapis.com \\
     --ranges=google-managed-services-default --network=default
   gcloud compute networks vpc-access connectors create slipway --region=REGION --network=default --range=10.8.0.0/28
   gcloud sql instances create slipway-${name} --database-version=POSTGRES_${version} --region=REGION --edition=enterprise \\
     --tier=db-custom-1-3840 --network=default --no-assign-ip --ssl-mode=ENCRYPTED_ONLY --backup
   gcloud sql databases create ${app} --instance=slipway-${name}
   gcloud sql users create ${app} --instance=slipway-${name} --password="$(sed -E 's|.*://[^:]*:([^@]*)@.*|\\1|' secrets/${name}-url)"
   \`\`\``;
}

/** The step that writes into the secrets what an export does not know. */
export function knownCloudSql({ name }: CloudSql): string {
  const describe = (field: string) =>
    `$(gcloud sql instances describe slipway-${name} --format='value(${field})')`;
  return `Write into the secrets what Cloud SQL alone knows, its address and its certificate: an export puts placeholders there.

   \`\`\`sh
   (
     set -e
     address=${describe("ipAddresses[0].ipAddress")}
     authority=${describe("serverCaCert.cert")}
     sed -i "s/${CLOUD_SQL_UNKNOWN.address}/\${address:?}/" secrets/*-url
     echo "\${authority:?}" > secrets/${name}-ca
   )
   \`\`\``;
}
