/** The part of `cdk.tf.json` that tests read. */
export interface Terraform {
  readonly terraform: { readonly backend: { readonly local: { readonly path: string } } };
  readonly resource: {
    readonly docker_container: Readonly<Record<string, ContainerResource>>;
    readonly docker_image: Readonly<Record<string, { readonly name: string }>>;
    readonly docker_network: Readonly<Record<string, { readonly name: string; readonly internal: boolean }>>;
    readonly docker_volume: Readonly<Record<string, VolumeResource>>;
    readonly terraform_data?: Readonly<Record<string, unknown>>;
  };
  readonly removed?: readonly { readonly from: string; readonly lifecycle: { readonly destroy: boolean } }[];
}

export interface VolumeResource {
  readonly name: string;
  readonly driver_opts?: Readonly<Record<string, string>>;
}

export interface UploadBlock {
  readonly file: string;
  readonly content?: string;
  readonly source?: string;
  readonly source_hash?: string;
}

export interface ContainerResource {
  readonly name: string;
  readonly image: string;
  readonly env: readonly string[];
  readonly user: string;
  readonly memory: number;
  readonly memory_swap: number;
  readonly wait: boolean;
  readonly wait_timeout: number;
  readonly destroy_grace_seconds: number;
  readonly stop_timeout: number;
  readonly capabilities: { readonly drop: readonly string[]; readonly add?: readonly string[] };
  readonly security_opts: readonly string[];
  readonly healthcheck: {
    readonly test: readonly string[];
    readonly interval: string;
    readonly timeout: string;
    readonly retries: number;
    readonly start_period: string;
  };
  readonly log_driver: string;
  readonly log_opts: Readonly<Record<string, string>>;
  readonly restart: string;
  readonly ports: readonly { readonly ip: string; readonly external: number; readonly internal: number }[];
  readonly networks_advanced: readonly { readonly name: string; readonly aliases: readonly string[] }[];
  readonly volumes: readonly { readonly volume_name: string; readonly container_path: string }[];
  readonly upload: readonly UploadBlock[];
  readonly labels: readonly { readonly label: string; readonly value: string }[];
  readonly ulimit: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  readonly depends_on?: readonly string[];
  readonly lifecycle?: {
    readonly create_before_destroy?: boolean;
    readonly precondition?: readonly { readonly condition: string; readonly error_message: string }[];
  };
}

/** The value of a container's label. */
export function labelOf(container: ContainerResource, label: string): string | undefined {
  return container.labels.find((each) => each.label === label)?.value;
}
