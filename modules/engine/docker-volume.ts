import { Volume as DockerVolume } from "@cdktf/provider-docker/lib/volume/index.js";
import type { TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { driverOptions } from "./driver-options.ts";
import type { Volume } from "./volume.ts";

export interface VolumeProps {
  /** On the engine. */
  readonly name: string;
  readonly labels: { label: string; value: string }[];
  /** @default the provider of the stack */
  readonly provider?: TerraformProvider;
}

/** A volume of one engine that goes with its stack; for those that are kept see kept-volumes.ts. */
export function makeVolume(
  scope: Construct,
  volume: Volume,
  { name, labels, provider }: VolumeProps,
): DockerVolume {
  const options = driverOptions(volume);
  return new DockerVolume(scope, volume.name, {
    ...(provider !== undefined && { provider }),
    name,
    ...(options && { driverOpts: options }),
    labels,
  });
}
