/** Makes an earlier release deployable again: without a build, with the secrets and the volumes of today. */

import { plain } from "../engine/terraform-text.ts";

/** What cdktf wrote of a stack, as far as it matters here. */
export interface StackText {
  readonly terraform?: object;
  readonly resource?: Resources;
}

export interface Resources {
  readonly docker_image?: Readonly<Record<string, ImageResource>>;
  readonly docker_container?: Readonly<Record<string, ContainerResource>>;
  readonly docker_volume?: Readonly<Record<string, unknown>>;
  /** Of a Swarm; by a name that ends with the mark of its content. */
  readonly docker_secret?: Readonly<Record<string, { readonly data: string }>>;
}

interface ImageResource {
  readonly name: string;
  readonly build?: unknown;
}

interface ContainerResource {
  readonly image: string;
  readonly name?: string;
  readonly labels?: readonly { readonly label: string; readonly value: string }[];
  readonly upload?: readonly Upload[];
}

interface Upload {
  readonly file: string;
  /** Path of a secret's file, relative to the folder that Terraform runs in. */
  readonly source?: string;
  readonly source_hash?: string;
}

/**
 * The stack of an earlier release as it is deployed today.
 *
 * - Images are not built; the engine has them under their names.
 * - Secrets stay as they are now: the services that were given them have them. A container that differs in nothing but
 *   those is the one that runs. On a Swarm those that changed since get the name that they had.
 * - Volumes stay as they are now, those that were added since too: no data is removed by going back.
 * - The state is where it is now.
 *
 * @param fingerprintOf mark of the content that a secret's file has now
 */
export function earlier<T extends StackText>(
  text: T,
  running: StackText,
  fingerprintOf: (source: string) => string,
): T {
  const { docker_image: images = {}, docker_container: containers, docker_volume } = text.resource ?? {};
  const volumes = { ...docker_volume, ...running.resource?.docker_volume };
  const resource: Resources = {
    ...text.resource,
    docker_image: mapped(images, ({ build, ...image }) => image),
    // A Swarm has none, and Terraform takes no empty list of them.
    ...(containers !== undefined && {
      docker_container: mapped(containers, (container, name) => {
        const now = running.resource?.docker_container?.[name];
        return now !== undefined && sameness(now, running) === sameness(container, text)
          ? now
          : withSecrets(container, fingerprintOf);
      }),
    }),
    ...(Object.keys(volumes).length > 0 && { docker_volume: volumes }),
  };
  return { ...text, ...(running.terraform !== undefined && { terraform: running.terraform }), resource };
}

/**
 * The files of secrets that a stack hands to its containers and services, with the mark that their content had, or as
 * much of it as their name on a Swarm has.
 */
export function secretsOf({ resource }: StackText): ReadonlyMap<string, string> {
  const uploads = Object.values(resource?.docker_container ?? {}).flatMap(({ upload = [] }) => upload);
  const handed = uploads.flatMap(({ source, source_hash: mark }) =>
    source === undefined || mark === undefined ? [] : [[source, mark] as const],
  );
  const kept = Object.entries(resource?.docker_secret ?? {}).flatMap(([name, { data }]) => {
    const [, source] = /^\$\{filebase64\("(.+)"\)\}$/.exec(data) ?? [];
    return source === undefined ? [] : [[plain(source), name.slice(name.lastIndexOf("-") + 1)] as const];
  });
  return new Map([...handed, ...kept]);
}

/** Names of volumes that came after a release. */
export function volumesSince({ resource }: StackText, running: StackText): readonly string[] {
  return Object.keys(running.resource?.docker_volume ?? {}).filter(
    (name) => !(name in (resource?.docker_volume ?? {})),
  );
}

/** Equal for two containers that differ in their secrets at most; their names and labels follow from all they are. */
function sameness(
  { name, labels, image, upload = [], ...others }: ContainerResource,
  { resource }: StackText,
): string {
  const reference = /docker_image\.([^.}]+)\./.exec(image)?.[1] ?? "";
  const built = resource?.docker_image?.[reference]?.name ?? image;
  const files = upload.map(({ source_hash, ...file }) => file);
  return JSON.stringify({ ...others, "//": undefined, image: built, upload: files });
}

function withSecrets(
  container: ContainerResource,
  fingerprintOf: (source: string) => string,
): ContainerResource {
  if (container.upload === undefined) return container;
  return {
    ...container,
    upload: container.upload.map((file) =>
      file.source === undefined ? file : { ...file, source_hash: fingerprintOf(file.source) },
    ),
  };
}

function mapped<A, B>(
  all: Readonly<Record<string, A>>,
  change: (one: A, name: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(all).map(([name, one]) => [name, change(one, name)]));
}
