import { setTimeout as sleep } from "node:timers/promises";
import { maintenanceOf, setMaintenance } from "../../stack/maintenance.ts";
import { type Check, failed, none } from "../check.ts";
import type { Site } from "../site.ts";

/** How long an edge may take to notice. */
const SECONDS = 3;

export const maintenance: Check = {
  name: "In maintenance every page is a readable 503 that tells when to come back",
  recipe: "recipe 3",
  inside: true,
  disruptive: true,
  async run(site) {
    if (await maintenanceOf(site.edge, site.engine)) return failed("it is on already", "off");
    const before = (await site.ask(site.home)).status;
    const deviations: string[] = [];
    try {
      await setMaintenance(site.edge, true, site.engine);
      if (!(await becomes(site, 503))) return failed(`${(await site.ask(site.home)).status}`, "503");
      deviations.push(...(await deviationsOf(site)));
    } finally {
      await setMaintenance(site.edge, false, site.engine);
    }
    if (!(await becomes(site, before))) deviations.push("it does not end");
    return none(deviations, "503 with Retry-After, and over afterwards", "503 with Retry-After and a page");
  },
};

async function deviationsOf(site: Site): Promise<readonly string[]> {
  const pages = [...site.declared.routes.map(({ at }) => at), site.unheardOf(), "/static/any.css"];
  const [page, sent, health, ...answers] = await Promise.all([
    site.ask(site.home),
    site.ask(site.home, { method: "POST", body: "a=b" }),
    site.ask("/.slipway/health"),
    ...pages.map((path) => site.ask(path)),
  ]);
  const wanted: readonly [boolean, string][] = [
    [/^\d+$/.test(`${page.headers["retry-after"]}`), `Retry-After: ${page.headers["retry-after"]}`],
    [/maintenance/i.test(page.text) && /<h1/.test(page.text), "no page that says why"],
    [/no-store/.test(`${page.headers["cache-control"]}`), `Cache-Control: ${page.headers["cache-control"]}`],
    [sent.status === 503, `${sent.status} to a POST`],
    // Or the engine would replace an edge that does what it was told.
    [health.status === 200, `${health.status} to the edge's own health check`],
    ...answers.map(({ status }, at): [boolean, string] => [status === 503, `${pages[at]}: ${status}`]),
  ];
  return wanted.flatMap(([good, deviation]) => (good ? [] : [deviation]));
}

async function becomes(site: Site, wanted: number): Promise<boolean> {
  for (const deadline = Date.now() + SECONDS * 1000; Date.now() < deadline; await sleep(100)) {
    if ((await site.ask(site.home)).status === wanted) return true;
  }
  return false;
}
