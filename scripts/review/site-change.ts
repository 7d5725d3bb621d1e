import type { Synthesized } from "./synthesized.ts";

/** Where an edge lists the names of its site. */
const NAMES = "/etc/slipway/hostnames";

/** What visitors could ask an edge for and no longer can, each as a clause. */
export function noLongerServed(edge: string, before: Synthesized, after: Synthesized): readonly string[] {
  const [routes, names] = [routesOf, namesOf].map((of) => {
    const are = of(edge, after);
    return of(edge, before).filter((one) => !are.includes(one));
  });
  return [
    ...(routes ?? []).map((at) => `nothing answers at ${at} any more (404)`),
    ...(names ?? []).map((name) => `the name ${name} is refused (421)`),
  ];
}

function routesOf(edge: string, { description }: Synthesized): readonly string[] {
  return description.edges.find(({ name }) => name === edge)?.routes.map(({ at }) => at) ?? [];
}

function namesOf(edge: string, { description }: Synthesized): readonly string[] {
  const files = description.workloads.find(({ name }) => name === edge)?.files ?? {};
  return (files[NAMES] ?? "").split("\n").filter((name) => name !== "");
}
