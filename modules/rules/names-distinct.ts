import { nodeNames } from "../engine/node-names.ts";
import type { Rule } from "./rule.ts";

export const namesDistinct: Rule = {
  id: "names-distinct",
  statement: "Every instance has a name of its own.",
  source: "known failure: two containers answer to one name, and each request meets another one",
  check: ({ workloads }) => {
    const owners = new Map<string, string>();
    return workloads.flatMap(({ path, workload: { name, replicas } }) => {
      return [...new Set([`${name}`, ...nodeNames(name, replicas)])].flatMap((node) => {
        const owner = owners.get(node);
        owners.set(node, owner ?? path);
        if (owner === undefined) return [];
        return [
          {
            path,
            got: `name ${node}, which ${owner} has`,
            allowed: "a name that is free",
            fix: "Rename one of the two.",
          },
        ];
      });
    });
  },
};
