import { type Check, failed, pass } from "../check.ts";

const ATTEMPTS = 40;

export const everyNode: Check = {
  name: "Every node of the application answers",
  recipe: "recipe 12",
  async run(site) {
    const seen = new Set<string>();
    const wanted = site.appNodes;
    for (let attempt = 0; attempt < ATTEMPTS && seen.size < wanted.length; attempt++) {
      const { status, text } = await site.ask("/");
      const node = /class="node"[^>]*>([^<]+)</.exec(text)?.[1]?.trim();
      if (status !== 200 || node === undefined)
        return failed(`${status}, ${node ?? "no node"}`, "a page that names its node");
      seen.add(node);
    }
    const names = [...seen].sort().join(", ");
    return seen.size === wanted.length
      ? pass(names)
      : failed(`${names} in ${ATTEMPTS} requests`, `all of ${wanted.join(", ")}`);
  },
};
