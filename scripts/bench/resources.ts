/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A resource as it stands in `cdk.tf.json`. */
export type Resource = Readonly<Record<string, Json>>;

/** Resources of one type by their name in Terraform. */
export type Resources = Readonly<Record<string, Resource>>;

/** What a stack of one Docker host is made of, as cdktf wrote it. */
export interface DockerResources {
  readonly docker_image: Resources;
  readonly docker_network: Resources;
  readonly docker_volume: Resources;
  readonly docker_container: Resources;
}

/** The part of `cdk.tf.json` that the benchmarks build their counterparts from. */
export interface Synthesized {
  readonly data?: Json;
  readonly locals?: Json;
  readonly terraform?: Json;
  readonly resource: DockerResources;
}

/** Which attribute of which resource a text refers to, if it is such a reference and nothing else. */
export function referenceOf(
  text: string,
): { readonly type: string; readonly name: string; readonly attribute: string } | undefined {
  const [, type, name, attribute] = /^\$\{(docker_\w+)\.([\w-]+)\.(\w+)\}$/.exec(text) ?? [];
  return type === undefined || name === undefined || attribute === undefined
    ? undefined
    : { type, name, attribute };
}

/** The addresses in `depends_on`, such as `docker_container.guestbook-1`. */
export function dependenciesOf(resource: Resource): readonly string[] {
  const { depends_on } = resource;
  return Array.isArray(depends_on) ? (depends_on as string[]) : [];
}
