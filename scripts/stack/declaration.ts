import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Label } from "../../modules/engine/labels.ts";
import type { Role } from "../../modules/engine/workload.ts";
import type { Stack } from "./stack.ts";

/** A container that the synthesized stack asks for. */
export interface DeclaredNode {
  /** Such as `guestbook-1`. */
  readonly node: string;
  readonly workload: string;
  readonly role: Role;
  /** `project/name:hash` */
  readonly image: string;
  /** Changes with everything that would replace the container. */
  readonly release: string;
  readonly ports: readonly { readonly address: string; readonly host: number; readonly container: number }[];
}

/** The containers that a stack asks for, or undefined when it was not synthesized yet. */
export function declarationOf(stack: Stack): readonly DeclaredNode[] | undefined {
  const file = join(stack.folder, "cdk.tf.json");
  return existsSync(file) ? parseDeclaration(readFileSync(file, "utf8")) : undefined;
}

/** Reads `cdk.tf.json`. */
export function parseDeclaration(json: string): readonly DeclaredNode[] {
  const { resource = {} }: { resource?: Resources } = JSON.parse(json);
  return Object.values(resource.docker_container ?? {}).map(({ labels, image, ports }) => {
    const value = (label: string) => labels.find((entry) => entry.label === label)?.value ?? "";
    const reference = /docker_image\.([^.}]+)\.image_id/.exec(image)?.[1] ?? "";
    return {
      node: value(Label.node),
      workload: value(Label.workload),
      role: value(Label.role) as Role,
      image: resource.docker_image?.[reference]?.name ?? image,
      release: value(Label.release),
      ports: (ports ?? []).map(({ ip, external, internal }) => ({
        address: ip,
        host: external,
        container: internal,
      })),
    };
  });
}

interface Resources {
  readonly docker_container?: Readonly<Record<string, ContainerResource>>;
  readonly docker_image?: Readonly<Record<string, { readonly name: string }>>;
}

interface ContainerResource {
  readonly labels: readonly { readonly label: string; readonly value: string }[];
  readonly image: string;
  readonly ports?: readonly { readonly ip: string; readonly external: number; readonly internal: number }[];
}
