import { expect } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { Site } from "./site.ts";

/** The dev stack as it is shipped; test files share it and leave it healthy. */
export const devSite = new Site(PROJECT_PREFIX, { http: 18080, https: 18443 });

/** Brings the shared site to what the stack says. */
export async function deployed(site: Site): Promise<void> {
  const { code, output } = await site.deploy();
  expect(code, output).toBe(0);
  await site.allHealthy();
}
