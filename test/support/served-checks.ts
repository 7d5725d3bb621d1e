import type { IncomingMessage, ServerResponse } from "node:http";
import { beforeAll } from "vitest";
import type { Check, Result } from "../../scripts/verify/check.ts";
import { type Served, served } from "./served-site.ts";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Every node in turn. */
export const inTurn = (headers: Record<string, string> = {}): Answer => {
  let count = 0;
  return (_, response) => {
    count += 1;
    response.writeHead(200, headers).end(`<h1>shop-${(count % 2) + 1}</h1>`);
  };
};

/** Begins all cases at once, as they mostly wait, and gives what each came to. */
export function sideBySide(
  cases: readonly (readonly [what: string, check: Check, how: Served, ...unknown[]])[],
) {
  const outcomes = new Map<string, Promise<Result>>();
  beforeAll(() => {
    for (const [what, check, how] of cases) {
      const outcome = served(how, (site) => check.run(site));
      // Its own test tells of it.
      outcome.catch(() => undefined);
      outcomes.set(what, outcome);
    }
  });
  return (what: string) => outcomes.get(what) ?? Promise.reject(new Error(`no case ${what}`));
}
