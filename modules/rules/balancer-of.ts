import type { DescribedBalancer, DescribedEdge, DescribedRoute, Description } from "./description.ts";

/** The balancer between an edge and the application of one of its routes: the edge is on its network. */
export function balancerOf(
  { balancers, workloads }: Pick<Description, "balancers" | "workloads">,
  edge: Pick<DescribedEdge, "path">,
  route: Pick<DescribedRoute, "app">,
): DescribedBalancer | undefined {
  const own = workloads.find(({ path }) => path === edge.path)?.workload.networks ?? [];
  return balancers.find(
    ({ name, app }) => app === route.app && own.some((network) => network.name.text === name),
  );
}
