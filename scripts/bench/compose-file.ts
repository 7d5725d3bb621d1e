import { plain } from "../../modules/engine/terraform-text.ts";
import { dependenciesOf, type Json, type Resource, referenceOf, type Synthesized } from "./resources.ts";

/** A file that a container mounts. */
export interface MountedFile {
  /** Path below the folder of the compose file. */
  readonly path: string;
  /** What is in it; or else the file that is copied, relative to the folder of the stack. */
  readonly from: { readonly content: string } | { readonly file: string };
}

/** The same containers for docker-compose. */
export interface ComposeProject {
  /** Content of docker-compose.yml; JSON is YAML. */
  readonly text: string;
  /** What has to lie beside it. */
  readonly files: readonly MountedFile[];
}

/**
 * The compose file that runs the containers of a stack: same images, commands, environment, files, health checks,
 * limits, ports, networks and order. Volumes are the stack's own, so that both sides start on the same data. Left out
 * are Slipway's labels, by which its next plan would take the containers for its own.
 *
 * Version 2.4 of the format is the one in which `depends_on` waits for health and limits hold without a Swarm.
 */
export function composeProject(synthesized: Synthesized): ComposeProject {
  const { docker_container, docker_image, docker_network, docker_volume } = synthesized.resource;
  const files: MountedFile[] = [];
  const nameOf = (text: Json | undefined): string => referenceOf(String(text))?.name ?? "";
  const services = Object.entries(docker_container).map(([id, container]) => {
    const mounts = list(container.upload).map((upload, at) => {
      const path = `files/${id}/${at}`;
      const { content, source } = upload;
      files.push({
        path,
        from: typeof content === "string" ? { content: plain(content) } : { file: String(source) },
      });
      return `./${path}:${upload.file}:ro`;
    });
    const volumes = list(container.volumes).map(
      ({ volume_name, container_path, read_only }) =>
        `${nameOf(volume_name)}:${container_path}:${read_only === true ? "ro" : "rw"}`,
    );
    const dependencies = dependenciesOf(container).map((address) => address.split(".")[1] ?? "");
    const health = list(container.healthcheck)[0];
    const service = {
      image: docker_image[nameOf(container.image)]?.name,
      user: container.user,
      command: container.command,
      environment: container.env,
      volumes: [...volumes, ...mounts],
      networks: Object.fromEntries(
        list(container.networks_advanced).map(({ name, aliases }) => [nameOf(name), { aliases }]),
      ),
      ports: list(container.ports).map(
        ({ ip, external, internal, protocol }) => `${ip}:${external}:${internal}/${protocol}`,
      ),
      depends_on: Object.fromEntries(dependencies.map((name) => [name, { condition: "service_healthy" }])),
      healthcheck: health && {
        test: health.test,
        interval: health.interval,
        timeout: health.timeout,
        retries: health.retries,
        start_period: health.start_period,
      },
      mem_limit: mebibytes(container.memory),
      memswap_limit: mebibytes(container.memory_swap),
      shm_size: mebibytes(container.shm_size),
      cpus: container.cpus,
      ulimits: Object.fromEntries(
        list(container.ulimit).map(({ name, soft, hard }) => [String(name), { soft, hard }]),
      ),
      cap_drop: list(container.capabilities)[0]?.drop,
      cap_add: list(container.capabilities)[0]?.add,
      security_opt: container.security_opts,
      init: container.init,
      restart: container.restart,
      logging: { driver: container.log_driver, options: container.log_opts },
      stop_signal: container.stop_signal,
      stop_grace_period: container.stop_timeout === undefined ? undefined : `${container.stop_timeout}s`,
    };
    return [id, service] as const;
  });
  const compose = {
    version: "2.4",
    services: Object.fromEntries(services),
    networks: mapValues(docker_network, ({ internal }) => ({ internal: internal === true })),
    volumes: mapValues(docker_volume, ({ name }) => ({ external: { name } })),
  };
  // A dollar sign would begin a variable.
  return { text: JSON.stringify(compose, undefined, 2).replaceAll("$", "$$$$"), files };
}

/** Blocks of a resource; one alone may stand without its list. */
function list(value: Json | undefined): readonly Resource[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]) as readonly Resource[];
}

function mebibytes(value: Json | undefined): string | undefined {
  return value === undefined ? undefined : `${value}m`;
}

function mapValues<T>(resources: Readonly<Record<string, Resource>>, change: (resource: Resource) => T) {
  return Object.fromEntries(Object.entries(resources).map(([id, resource]) => [id, change(resource)]));
}
