import { Config } from "@cdktf/provider-docker/lib/config/index.js";
import { Secret } from "@cdktf/provider-docker/lib/secret/index.js";
import type {
  ServiceTaskSpecContainerSpecConfigs,
  ServiceTaskSpecContainerSpecSecrets,
} from "@cdktf/provider-docker/lib/service/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Delivery } from "./delivery.ts";
import { digest, sha256 } from "./digest.ts";
import type { Naming } from "./naming.ts";
import { literal } from "./terraform-text.ts";
import type { Workload } from "./workload.ts";

/** Of the name of a config or a secret, as swarmkit checks it. */
const LONGEST = 64;

/**
 * A file is an object of the Swarm that cannot change; another content is another object, with another address too: so the
 * one that a release which failed left in use is neither in the way nor missed.
 */
export function configsOf(
  scope: Construct,
  workload: Workload,
  { files }: Delivery,
  { nameOf, labels }: Naming,
  dependsOn: ITerraformDependable[],
): ServiceTaskSpecContainerSpecConfigs[] {
  return files.map(({ path, content }) => {
    const name = `${workload.name}-${slug(path)}-${sha256(content).slice(0, 12)}`;
    const config = new Config(new Construct(scope, `config-${digest(path)}`), name, {
      name: fitting(nameOf(name)),
      data: Buffer.from(content).toString("base64"),
      dependsOn,
      lifecycle: { createBeforeDestroy: true },
    });
    config.overrideLogicalId(name);
    // Newer than the bindings.
    config.addOverride("labels", labels);
    return { configId: config.id, configName: config.name, fileName: path };
  });
}

/** The same for secrets, readable to the workload's user alone. */
export function secretsOf(
  scope: Construct,
  workload: Workload,
  { secrets }: Delivery,
  { nameOf, labels }: Naming,
  dependsOn: ITerraformDependable[],
): ServiceTaskSpecContainerSpecSecrets[] {
  return secrets.map(({ path, source, fingerprint }) => {
    const name = `${workload.name}-${slug(path)}-${fingerprint.slice(0, 12)}`;
    const secret = new Secret(new Construct(scope, `secret-${digest(path)}`), name, {
      name: fitting(nameOf(name)),
      // By its path, so that it is in no file that is written here; the provider marks it as sensitive.
      data: `\${filebase64("${literal(source)}")}`,
      labels,
      dependsOn,
      lifecycle: { createBeforeDestroy: true },
    });
    secret.overrideLogicalId(name);
    const owner = String(workload.user);
    return {
      secretId: secret.id,
      secretName: secret.name,
      fileName: path,
      fileUid: owner,
      fileGid: owner,
      fileMode: 0o400,
    };
  });
}

/** A name that a Swarm takes. */
function fitting(name: string): string {
  return name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 13)}-${digest(name)}`;
}

/** The end of a path, as a part of a name. */
function slug(path: string): string {
  return `${path
    .split("/")
    .at(-1)
    ?.replaceAll(/[^A-Za-z0-9]+/g, "-")}`.slice(0, 24);
}
