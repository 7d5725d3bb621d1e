import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Construct } from "constructs";
import type { Delivery } from "./delivery.ts";
import { sha256 } from "./digest.ts";
import type { ClientAccess } from "./docker-provider.ts";
import { quoted } from "./shell.ts";
import { TerraformData } from "./terraform-data.ts";

/** Where an instance is handed the files that it may take over. */
const CANDIDATE = "/run/slipway/candidate";

export interface ReconfigurationProps {
  /** Logical name of the container. */
  readonly node: string;
  readonly delivery: Delivery;
  /** Folder of the stack, from which the deployment runs. */
  readonly folder: string;
  readonly client: ClientAccess;
  /** Logical names of the containers that the files lead to: they are there before anybody is led to them. */
  readonly after: readonly string[];
}

/**
 * Hands changed files to a container that runs, and fails when it refuses them; it then goes on with those it had.
 * The provider can only upload to a container that it creates, so the engine's own client does it, which a deployment
 * therefore needs.
 */
export function reconfigure(
  scope: Construct,
  { node, delivery, folder, client, after }: ReconfigurationProps,
): void {
  const staged = join("files", node);
  stage(delivery, join(folder, staged));
  const container = `\${docker_container.${node}.id}`;
  const data = new TerraformData(new Construct(scope, `files-${node}`), node, {
    triggersReplace: { container, files: fingerprint(delivery) },
    provisioners: [
      {
        type: "local-exec",
        command: script(delivery, staged, client),
        environment: { CONTAINER: container, ...(client.host !== undefined && { DOCKER_HOST: client.host }) },
      },
    ],
  });
  data.overrideLogicalId(`${node}-files`);
  if (after.length > 0) {
    data.addOverride(
      "depends_on",
      after.map((other) => `docker_container.${other}`),
    );
  }
}

/** Shell that Terraform runs; paths are relative to the folder of the stack. */
function script({ secrets }: Delivery, staged: string, { path }: ClientAccess): string {
  const copies = secrets.map(
    ({ source, path }) => `docker cp --follow-link ${quoted(source)} "$CONTAINER:${CANDIDATE}${path}"`,
  );
  // In a command of its own, so that a folder that is missing ends it; programs are found in absolute folders only.
  const access = path === undefined ? "" : `ssh=$(cd ${quoted(path)} && pwd)\nPATH="$ssh:$PATH"\n`;
  return `set -eu
${access}docker exec --user 0 "$CONTAINER" rm -rf ${CANDIDATE}
docker cp ${quoted(`${staged}/.`)} "$CONTAINER:${CANDIDATE}"
${copies.map((line) => `${line}\n`).join("")}code=0
docker exec --user 0 "$CONTAINER" reconfigure place || code=$?
[ "$code" -ne 3 ] || exit 0
[ "$code" -eq 0 ] || exit "$code"
docker exec "$CONTAINER" reconfigure && exit 0
docker exec --user 0 "$CONTAINER" reconfigure restore
docker exec "$CONTAINER" reconfigure
echo "The new configuration was refused; the one before is in force again." >&2
exit 1
`;
}

function stage({ files, secrets }: Delivery, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  // Never their content, only the folders that they are copied to.
  for (const { path } of secrets) mkdirSync(dirname(join(folder, path)), { recursive: true });
}

function fingerprint({ files, secrets }: Delivery): string {
  const known = { files, secrets: secrets.map(({ path, fingerprint }) => ({ path, fingerprint })) };
  return sha256(JSON.stringify(known));
}
