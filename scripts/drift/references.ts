import { plain } from "../../modules/engine/terraform-text.ts";

/** Resources of `cdk.tf.json` by their kind, as far as they have names. */
export interface NamedResources {
  readonly [kind: string]: unknown;
}

/** What a reference such as `${docker_network.db.name}` leads to; any other text is itself. */
export function nameIn(resources: NamedResources, text: string): string {
  const [, kind = "", id = ""] = /^\$\{(docker_\w+)\.([^.}]+)\.\w+\}$/.exec(text) ?? [];
  const known = resources[kind] as Readonly<Record<string, { readonly name?: string }>> | undefined;
  return known?.[id]?.name ?? plain(text);
}
