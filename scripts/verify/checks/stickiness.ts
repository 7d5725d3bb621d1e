import { type Check, none } from "../check.ts";
import type { DeclaredRoute } from "../declared.ts";
import type { Answer, Site } from "../site.ts";

const VISITORS = 4;
const PAGES = 5;

export const stickiness: Check = {
  name: "A visitor is led to the same node again exactly where it is declared",
  recipe: "recipe 14",
  async run(site) {
    const outcomes = await Promise.all(site.declared.routes.map((route) => outcomeOf(site, route)));
    return none(
      outcomes.flatMap(({ deviations }) => deviations),
      outcomes.map(({ seen }) => seen).join("; "),
      "as declared",
    );
  },
};

interface Outcome {
  readonly seen: string;
  readonly deviations: readonly string[];
}

async function outcomeOf(site: Site, route: DeclaredRoute): Promise<Outcome> {
  const { at, app, sticky } = route;
  const nodes = site.nodesOf(app);
  if (nodes.length < 2) return { seen: `${at}: one node`, deviations: [] };
  const visitors: Visitor[] = [];
  // One after the other: side by side, nodes in turn would look like a node for each.
  for (let count = 0; count < VISITORS; count++) visitors.push(await visitor(site, route, nodes));
  const each = visitors.map(({ seen }) => new Set(seen));
  const all = new Set(each.flatMap((names) => [...names]));
  const cookies = new Set(visitors.flatMap(({ stickyCookies }) => stickyCookies));
  const named = !visitors.some(({ seen }) => seen.includes("?"));
  const deviations: string[] = [];
  if (sticky === "cookie") {
    if (cookies.size === 0) deviations.push(`${at}: no cookie that names a node`);
    if (named && each.some((names) => names.size > 1))
      deviations.push(`${at}: a visitor with the cookie met ${[...all].join(" and ")}`);
    deviations.push(...(await forged(site, at, [...cookies])));
  }
  if (sticky === "address" && named && all.size > 1)
    deviations.push(`${at}: one address met ${[...all].join(" and ")}`);
  if (sticky === "none" && cookies.size > 0)
    deviations.push(`${at}: sets ${[...cookies].join(", ")}, though no stickiness is declared`);
  const met = named ? `${all.size} of ${nodes.length} nodes` : "nodes do not tell their names";
  return { seen: `${at}: ${sticky}, ${met}`, deviations };
}

interface Visitor {
  /** The node behind each page; `?` where the page does not tell. */
  readonly seen: readonly string[];
  readonly stickyCookies: readonly string[];
}

/** Several pages, each on a connection of its own: what leads back may only be the cookies, or the address. */
async function visitor(site: Site, { at }: DeclaredRoute, nodes: readonly string[]): Promise<Visitor> {
  const cookies = new Map<string, string>();
  const seen: string[] = [];
  for (let page = 0; page < PAGES; page++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await site.ask(at, { headers: cookie === "" ? {} : { cookie }, alone: true });
    for (const [name, value] of cookiesOf(answer)) cookies.set(name, value);
    seen.push(nodes.find((node) => new RegExp(`\\b${node}\\b`).test(answer.text)) ?? "?");
  }
  return { seen, stickyCookies: [...cookies.keys()].filter((name) => name.startsWith("slipway_")) };
}

function cookiesOf({ headers }: Answer): readonly (readonly [string, string])[] {
  return [headers["set-cookie"] ?? []].flat().map((line) => {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    return [name, value] as const;
  });
}

/** A cookie that names a node which is not there must not keep a visitor out. */
async function forged(site: Site, at: string, names: readonly string[]): Promise<readonly string[]> {
  const { status } = await site.ask(at);
  const values = [".99", "no-such-node", "127.0.0.1:22", "%00", "a".repeat(2000)];
  const asked = names.flatMap((name) => values.map((value) => `${name}=${value}`));
  const answers = await Promise.all(asked.map((cookie) => site.ask(at, { headers: { cookie } })));
  return answers.flatMap((answer, index) =>
    answer.status === status ? [] : [`${at}: ${answer.status} with the cookie ${asked[index]?.slice(0, 40)}`],
  );
}
