import type { ServiceTaskSpecContainerSpecMounts } from "@cdktf/provider-docker/lib/service/index.js";
import type { Size } from "../values/size.ts";
import { driverOptions } from "./driver-options.ts";
import type { VolumeMount } from "./workload.ts";

/** A volume that was made on the host of the task. */
export function boundMount(
  { path, readOnly = false }: VolumeMount,
  source: string,
): ServiceTaskSpecContainerSpecMounts {
  return { type: "volume", source, target: path, readOnly };
}

/** A volume that the engine of each host makes for itself when a task comes there. */
export function looseMount(
  { volume, path, readOnly = false }: VolumeMount,
  source: string,
  labels: { label: string; value: string }[],
): ServiceTaskSpecContainerSpecMounts {
  const options = driverOptions(volume);
  return {
    type: "volume",
    source,
    target: path,
    readOnly,
    volumeOptions: {
      labels,
      ...(options && { driverName: "local", driverOptions: options }),
    },
  };
}

/** Shared memory; a service has no other word for it. */
export function memoryMount(size: Size): ServiceTaskSpecContainerSpecMounts {
  const tmpfsOptions = { sizeBytes: size.mebibytes * 2 ** 20, mode: 0o777 };
  return { type: "tmpfs", target: "/dev/shm", tmpfsOptions };
}
