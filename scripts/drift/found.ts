import { Label } from "../../modules/engine/labels.ts";
import type { Container } from "../stack/containers.ts";
import { docker, runDocker } from "../stack/docker.ts";
import type { Expected } from "./expected.ts";

/** The same of a container that runs. */
export type Found = Pick<Expected, "fields"> & {
  /** Id of its image. */
  readonly image: string;
};

/** What the engine says of a container, and of the image that it should have. */
export async function foundOf({ id, host }: Container): Promise<Found> {
  return parseFound(await docker(["container", "inspect", id], { host }));
}

/** Reads what `docker container inspect` prints of one. */
export function parseFound(json: string): Found {
  const [{ Image, Config, HostConfig, Mounts, NetworkSettings }]: [Inspected] = JSON.parse(json);
  return {
    image: Image,
    fields: {
      user: [Config.User],
      command: Config.Cmd ?? [],
      env: [...(Config.Env ?? [])].sort(),
      labels: Object.entries(Config.Labels)
        .filter(([label]) => label.startsWith("slipway.") && label !== Label.generation)
        .map(([label, value]) => `${label}=${value}`)
        .sort(),
      mounts: Mounts.filter(({ Type }) => Type === "volume" || Type === "bind")
        .map(({ Name, Source, Destination, RW }) => `${Name ?? Source}:${Destination}:${RW ? "rw" : "ro"}`)
        .sort(),
      networks: Object.keys(NetworkSettings.Networks).sort(),
      ports: Object.entries(HostConfig.PortBindings ?? {})
        .flatMap(([container, bindings]) =>
          (bindings ?? []).map(
            ({ HostIp, HostPort }) => `${HostIp}:${HostPort}->${Number.parseInt(container, 10)}`,
          ),
        )
        .sort(),
      capabilities: (HostConfig.CapAdd ?? []).map((name) => name.replace(/^CAP_/, "")).sort(),
      memory: [`${HostConfig.Memory}`],
      cpus: HostConfig.NanoCpus ? [`${HostConfig.NanoCpus / 1e9}`] : [],
      restart: [HostConfig.RestartPolicy.Name],
    },
  };
}

/** Digests of files in a container that runs; those that cannot be read are not among them. */
export async function digestsIn(
  { id, host }: Container,
  paths: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (paths.length === 0) return {};
  // Missing ones are told on the other stream, and the rest is printed all the same.
  const { stdout } = await runDocker(["exec", id, "sha256sum", "--", ...paths], { host });
  const lines = stdout.split("\n").map((line) => /^([0-9a-f]{64}) [ *](.+)$/.exec(line));
  return Object.fromEntries(lines.flatMap((match) => (match ? [[match[2] ?? "", match[1] ?? ""]] : [])));
}

interface Inspected {
  readonly Image: string;
  readonly Config: {
    readonly User: string;
    readonly Cmd: readonly string[] | null;
    readonly Env: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly HostConfig: {
    readonly Memory: number;
    readonly NanoCpus?: number;
    readonly CapAdd?: readonly string[] | null;
    readonly RestartPolicy: { readonly Name: string };
    readonly PortBindings?: Readonly<
      Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
    > | null;
  };
  readonly Mounts: readonly {
    readonly Type: string;
    readonly Name?: string;
    readonly Source: string;
    readonly Destination: string;
    readonly RW: boolean;
  }[];
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> };
}
