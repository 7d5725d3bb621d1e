/**
 * A client that asks an authority for the certificate of an edge, where the edge's server cannot do it: dehydrated in a
 * container of its own. Both have two folders: in one the client lays what the authority looks for at the site's port 80,
 * in the other what it signed.
 */
import { fileURLToPath } from "node:url";
import type { Network } from "../../engine/network.ts";
import type { Volume } from "../../engine/volume.ts";
import type { ConfigFile, VolumeMount, Workload } from "../../engine/workload.ts";
import { LocalDisk } from "../../storage/local-disk.ts";
import { Duration } from "../../values/duration.ts";
import { Name } from "../../values/name.ts";
import { Size } from "../../values/size.ts";
import { type AcmeRequest, CHALLENGES, dehydratedConf, domainsTxt } from "./dehydrated-conf.ts";

export interface AcmeClientProps {
  /** Name of the edge, which the client's own begins with. */
  readonly edge: Name;
  /** Port of the edge's container for plain http. */
  readonly port: number;
  /** User of the edge: nobody else reads the key. */
  readonly user: number;
  /** On which the edge is, with a way out to the authority. */
  readonly network: Network;
  readonly request: AcmeRequest;
  /** What the request names. */
  readonly files: readonly ConfigFile[];
  /** The account and what was signed outlive the stack. */
  readonly keep: boolean;
}

/** The client of an edge. It publishes nothing, and needs no more than a way to the authority and to the edge. */
export function acmeClient({ edge, port, user, network, request, files, keep }: AcmeClientProps): Workload {
  return {
    name: Name.of(`${edge}-acme`),
    role: "acme",
    image: {
      name: Name.of("acme-client"),
      context: [{ folder: fileURLToPath(new URL("image", import.meta.url)), into: "" }],
      args: {},
    },
    replicas: 1,
    user,
    environment: { SLIPWAY_SITE: `${edge}:${port}` },
    files: [
      { path: "/etc/slipway/dehydrated.conf", content: dehydratedConf(request) },
      { path: "/etc/slipway/domains.txt", content: domainsTxt(request) },
      ...files,
    ],
    secrets: [],
    volumes: [
      { volume: { ...volumeOf(edge, "acme"), keep }, path: "/var/lib/slipway/acme" },
      ...sharedFolders(edge),
    ],
    networks: [network],
    ports: [],
    health: { command: ["health"], startPeriod: Duration.of("30 seconds") },
    limits: { memory: Size.mebibytes(64) },
    capabilities: [],
    stop: { signal: "SIGTERM", grace: Duration.of("10 seconds") },
    release: "stop-first",
  };
}

/** What the edge sees of its client, without being able to change it. */
export function foldersOfClient(edge: Name): readonly VolumeMount[] {
  return sharedFolders(edge).map((mount) => ({ ...mount, readOnly: true }));
}

function sharedFolders(edge: Name): readonly VolumeMount[] {
  return [
    { volume: volumeOf(edge, "certificate"), path: "/var/lib/slipway/certificate" },
    { volume: volumeOf(edge, "challenges"), path: CHALLENGES },
  ];
}

function volumeOf(edge: Name, folder: string): Volume {
  return { name: `${edge}-${folder}`, storage: LocalDisk.volumes(), folder, keep: false };
}
