import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { sha256 } from "../../modules/engine/digest.ts";
import { Label } from "../../modules/engine/labels.ts";
import { plain } from "../../modules/engine/terraform-text.ts";
import { type NamedResources, nameIn } from "./references.ts";

/** What a container has to be like, as the text of the stack says. Values are as `docker inspect` would show them. */
export interface Expected {
  readonly node: string;
  /** Name of its image on the engine. */
  readonly image: string;
  /** One value or several, by the name of the field. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Digest (SHA-256) of each file's content by its path in the container. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Reads `cdk.tf.json`.
 * @param folder that the text stands in, from which it names files of secrets
 */
export function expectedIn(json: string, folder: string): readonly Expected[] {
  const { resource = {} }: { resource?: Resources } = JSON.parse(json);
  return Object.entries(resource.docker_container ?? {}).map(([node, container]) => ({
    node,
    image: nameIn(resource, container.image),
    fields: {
      user: [container.user],
      command: container.command?.map(plain) ?? [],
      env: container.env.map(plain).sort(),
      labels: container.labels
        // Terraform works the generation out, and each release has another name.
        .filter(({ label }) => label !== Label.generation)
        .map(({ label, value }) => `${label}=${plain(value)}`)
        .sort(),
      mounts: container.volumes
        .map((mount) => {
          const mode = mount.read_only === true ? "ro" : "rw";
          return `${nameIn(resource, mount.volume_name)}:${mount.container_path}:${mode}`;
        })
        .sort(),
      networks: container.networks_advanced.map(({ name }) => nameIn(resource, name)).sort(),
      ports: container.ports.map(({ ip, external, internal }) => `${ip}:${external}->${internal}`).sort(),
      capabilities: [...(container.capabilities.add ?? [])].sort(),
      memory: [`${container.memory * 2 ** 20}`],
      cpus: container.cpus === undefined ? [] : [`${Number(container.cpus)}`],
      restart: [container.restart],
    },
    files: Object.fromEntries(
      container.upload.flatMap(({ file, content, source }) => {
        const digest = content === undefined ? ofFile(resolve(folder, source ?? "")) : sha256(plain(content));
        return digest === undefined ? [] : [[file, digest] as const];
      }),
    ),
  }));
}

/** A secret is compared by its digest; nobody prints it. */
function ofFile(path: string): string | undefined {
  return existsSync(path) ? sha256(readFileSync(path)) : undefined;
}

interface Resources extends NamedResources {
  readonly docker_container?: Readonly<Record<string, ContainerResource>>;
}

interface ContainerResource {
  readonly image: string;
  readonly user: string;
  readonly command?: readonly string[];
  readonly env: readonly string[];
  readonly labels: readonly { readonly label: string; readonly value: string }[];
  readonly volumes: readonly {
    readonly volume_name: string;
    readonly container_path: string;
    readonly read_only?: boolean;
  }[];
  readonly networks_advanced: readonly { readonly name: string }[];
  readonly ports: readonly { readonly ip: string; readonly external: number; readonly internal: number }[];
  readonly capabilities: { readonly add?: readonly string[] };
  readonly memory: number;
  readonly cpus?: string;
  readonly restart: string;
  readonly upload: readonly { readonly file: string; readonly content?: string; readonly source?: string }[];
}
