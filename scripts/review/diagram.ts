import type { WrittenWorkload } from "../../modules/engine/written-workload.ts";
import { dependencies } from "./relations.ts";
import type { Synthesized } from "./synthesized.ts";

/** The stack as a flowchart of Mermaid, which forges draw in a comment: an arrow leads along a network. */
export function diagram({ description }: Synthesized): string {
  const { workloads } = description;
  const lines = [
    "flowchart LR",
    ...(workloads.some(({ role }) => role === "edge") ? ["  visitors([visitors])"] : []),
    ...workloads.map((workload) => `  ${idOf(workload.name)}${shape(workload)}`),
    ...workloads.flatMap(publishedAt),
    ...workloads.flatMap((workload) => arrows(workload, workloads)),
    ...volumes(workloads),
  ];
  return lines.join("\n");
}

function publishedAt({ name, ports }: WrittenWorkload): readonly string[] {
  if (ports.length === 0) return [];
  const [address] = ports.map(({ address }) => address);
  return [`  visitors -- "${address}:${ports.map(({ host }) => host).join(", ")}" --> ${idOf(name)}`];
}

function arrows(workload: WrittenWorkload, all: readonly WrittenWorkload[]): readonly string[] {
  return dependencies(workload, all).map((other) => {
    const internal = workload.networks.find(({ name }) => name === other.name)?.internal ?? false;
    return `  ${idOf(workload.name)} -- "${other.name}${internal ? ", no way out" : ""}" --> ${idOf(other.name)}`;
  });
}

function volumes(workloads: readonly WrittenWorkload[]): readonly string[] {
  const kept = workloads.flatMap(({ name, volumes }) =>
    volumes.filter(({ keep }) => keep).map((volume) => ({ name, volume })),
  );
  const names = [...new Set(kept.map(({ volume }) => volume.name))];
  return [
    ...names.map((name) => {
      const storage = kept.find(({ volume }) => volume.name === name)?.volume.storage ?? "";
      return `  ${idOf(`volume-${name}`)}[("${name}<br>${storage}")]`;
    }),
    ...kept.map(({ name, volume }) => `  ${idOf(name)} -.- ${idOf(`volume-${volume.name}`)}`),
  ];
}

function shape({ name, role, nodes }: WrittenWorkload): string {
  const text = `"${name}${nodes.length > 1 ? ` × ${nodes.length}` : ""}<br>${role}"`;
  return role === "database" || role === "replica" || role === "cache" ? `[(${text})]` : `[${text}]`;
}

/** Mermaid has words of its own, such as `end`, and minus signs that are arrows. */
function idOf(name: string): string {
  return `n_${name.replaceAll(/[^A-Za-z0-9]/g, "_")}`;
}
