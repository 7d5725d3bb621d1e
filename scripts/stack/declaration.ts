import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Label } from "../../modules/engine/labels.ts";
import type { Release, Role } from "../../modules/engine/workload.ts";
import type { Stack } from "./stack.ts";

/** A container that the synthesized stack asks for. */
export interface DeclaredNode {
  /** Such as `guestbook-1`. */
  readonly node: string;
  readonly workload: string;
  readonly role: Role;
  /** How it gives way to its successor. */
  readonly order: Release;
  /** `project/name:hash` */
  readonly image: string;
  /** Changes with everything that would replace the container. */
  readonly release: string;
  readonly ports: readonly { readonly address: string; readonly host: number; readonly container: number }[];
}

/** The containers that a stack asks for, or undefined when it was not synthesized yet. */
export function declarationOf({ folder }: Stack): readonly DeclaredNode[] | undefined {
  return declarationIn(folder);
}

/** The same of any folder with a `cdk.tf.json`. */
export function declarationIn(folder: string): readonly DeclaredNode[] | undefined {
  const file = join(folder, "cdk.tf.json");
  return existsSync(file) ? parseDeclaration(readFileSync(file, "utf8")) : undefined;
}

/** Addresses of the images that a stack takes as the engine has them, and does not build: those of an earlier release. */
export function foundImages({ folder }: Stack): ReadonlySet<string> {
  const { resource = {} }: { resource?: Resources } = JSON.parse(
    readFileSync(join(folder, "cdk.tf.json"), "utf8"),
  );
  const images = Object.entries(resource.docker_image ?? {});
  return new Set(
    images.flatMap(([name, { build }]) => (build === undefined ? [`docker_image.${name}`] : [])),
  );
}

/** Reads `cdk.tf.json`. */
export function parseDeclaration(json: string): readonly DeclaredNode[] {
  const { resource = {} }: { resource?: Resources } = JSON.parse(json);
  const services = Object.values(resource.docker_service ?? {}).map(asContainer);
  const containers = [...Object.values(resource.docker_container ?? {}), ...services];
  return containers.map(({ labels, image, ports, lifecycle }) => {
    const value = (label: string) => labels.find((entry) => entry.label === label)?.value ?? "";
    const reference = /docker_image\.([^.}]+)\.image_id/.exec(image)?.[1] ?? "";
    return {
      node: value(Label.node),
      workload: value(Label.workload),
      role: value(Label.role) as Role,
      order: lifecycle?.create_before_destroy === true ? "start-first" : "stop-first",
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

/** What a service of a Swarm makes, in the words of one engine. */
function asContainer(service: ServiceResource): ContainerResource {
  const { labels, task_spec, endpoint_spec, update_config } = service;
  return {
    labels,
    lifecycle: { create_before_destroy: update_config.order === "start-first" },
    image: task_spec.container_spec.image,
    ports: (endpoint_spec.ports ?? []).map(({ published_port: external, target_port: internal }) => ({
      // A Swarm listens at every address.
      ip: "0.0.0.0",
      external,
      internal,
    })),
  };
}

interface Resources {
  readonly docker_service?: Readonly<Record<string, ServiceResource>>;
  readonly docker_container?: Readonly<Record<string, ContainerResource>>;
  readonly docker_image?: Readonly<Record<string, { readonly name: string; readonly build?: unknown }>>;
}

interface ServiceResource {
  readonly labels: ContainerResource["labels"];
  readonly update_config: { readonly order: string };
  readonly task_spec: { readonly container_spec: { readonly image: string } };
  readonly endpoint_spec: {
    readonly ports?: readonly { readonly published_port: number; readonly target_port: number }[];
  };
}

interface ContainerResource {
  readonly labels: readonly { readonly label: string; readonly value: string }[];
  readonly image: string;
  readonly lifecycle?: { readonly create_before_destroy?: boolean };
  readonly ports?: readonly { readonly ip: string; readonly external: number; readonly internal: number }[];
}
