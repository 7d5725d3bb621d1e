import { type Check, none } from "../check.ts";
import type { Site } from "../site.ts";

const REQUESTS = 40;
/** Sent along with each request, in bytes: it tells the arrival of requests from that of health checks. */
const PADDING = 6000;
/** What a single padded request leaves at the least. */
const NOTICEABLE = 5000;

export const everyNode: Check = {
  name: "Every node of every application is asked",
  recipe: "recipes 12 and 14",
  async run(site) {
    const outcomes = await Promise.all(
      site.declared.routes.map(({ app, at, sticky }) => askAll(site, app, at, sticky)),
    );
    return none(
      outcomes.flatMap(({ missing, at }) =>
        missing.map((node) => `${node} of ${at} got none of ${REQUESTS} requests`),
      ),
      outcomes.map(({ seen }) => seen).join("; "),
      "each of them at least once",
    );
  },
};

async function askAll(site: Site, app: string, at: string, sticky: string) {
  const nodes = site.nodesOf(app);
  // All requests of the check come from one address.
  if (nodes.length < 2 || sticky === "address")
    return { at, missing: [], seen: `${at}: ${nodes.length < 2 ? "one node" : "by address"}` };
  const before = await received(site, nodes);
  const named = new Set<string>();
  for (let request = 0; request < REQUESTS && named.size < nodes.length; request++) {
    const { text } = await site.ask(at, {
      headers: { "x-padding": "a".repeat(PADDING) },
      alone: request < 10,
    });
    const node = nodes.find((name) => new RegExp(`\\b${name}\\b`).test(text));
    if (node !== undefined) named.add(node);
  }
  if (named.size === nodes.length) return { at, missing: [], seen: `${at}: ${[...named].sort().join(", ")}` };
  // Pages that do not name their node: what came in over its network tells.
  const after = await received(site, nodes);
  const missing = nodes.filter(
    (node) =>
      !named.has(node) && ((after.get(node) ?? 0) - (before.get(node) ?? 0) < NOTICEABLE || named.size > 0),
  );
  return { at, missing, seen: `${at}: ${nodes.join(", ")}, by what their networks received` };
}

/** Bytes that each node has received; 0 for one that does not run. */
async function received(
  { containers, engine }: Site,
  nodes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = nodes.map(async (node) => {
    const found = containers.find((container) => container.node === node);
    const words = ["exec", found?.id ?? "", "cat", "/proc/net/dev"];
    const text = found === undefined ? "" : await engine.docker(words, { host: found.host }).catch(() => "");
    const bytes = [...text.matchAll(/^\s*(?!lo:)\S+:\s*(\d+)/gm)].map((match) => Number(match[1]));
    return [node, bytes.reduce((sum, each) => sum + each, 0)] as const;
  });
  return new Map(await Promise.all(counts));
}
