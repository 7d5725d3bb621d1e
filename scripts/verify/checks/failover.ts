import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "../../stack/containers.ts";
import { type Check, none } from "../check.ts";
import type { Site } from "../site.ts";

/** Until an edge must have noticed: one interval of its probes, and what is left of the request at hand. */
const NOTICE_SECONDS = 2.5;
const SECONDS_DEAD = 5;
const SECONDS_BACK = 90;
const READERS = 4;

export const failover: Check = {
  name: "A node that is killed costs no reads once its first probe has failed, and comes back into use",
  recipe: "recipe 14",
  inside: true,
  disruptive: true,
  async run(site) {
    const outcomes: string[] = [];
    const deviations: string[] = [];
    for (const { app, at } of site.declared.routes) {
      const nodes = site.nodesOf(app);
      const victim = site.containers.find(({ node }) => node === nodes.at(-1));
      if (nodes.length < 2 || victim === undefined) continue;
      const outcome = await kill(site, at, victim);
      outcomes.push(
        `${victim.node} of ${at}: ${outcome.reads} reads, ${outcome.early} failed before the edge knew`,
      );
      deviations.push(
        ...outcome.late.map((what) => `${at}: ${what} after ${victim.node} was known to be dead`),
      );
      if (!outcome.healthy) deviations.push(`${victim.node} is not healthy again after ${SECONDS_BACK} s`);
    }
    return none(
      [...new Set(deviations)],
      outcomes.join("; ") || "no route has several nodes",
      "no failed read",
    );
  },
};

async function kill(site: Site, at: string, { id, host }: Container) {
  const { docker } = site.engine;
  const late: string[] = [];
  let [reads, early, running] = [0, 0, true];
  await docker(["kill", id], { host });
  const killed = Date.now();
  const readers = Array.from({ length: READERS }, async () => {
    while (running) {
      const outcome = await site.ask(at).then(
        ({ status }) => status,
        (error: Error) => error.message,
      );
      reads++;
      const good = typeof outcome === "number" && outcome < 400;
      if (!good && Date.now() - killed < NOTICE_SECONDS * 1000) early++;
      else if (!good) late.push(`${outcome}`);
      await sleep(20);
    }
  });
  try {
    await sleep(SECONDS_DEAD * 1000);
  } finally {
    running = false;
    await Promise.all(readers);
    await docker(["start", id], { host });
  }
  return { reads, early, late, healthy: await healthy(site, id, host) };
}

async function healthy({ engine }: Site, container: string, host: Container["host"]): Promise<boolean> {
  const words = [
    "container",
    "inspect",
    "--format",
    "{{if .State.Health}}{{.State.Health.Status}}{{end}}",
    container,
  ];
  for (const deadline = Date.now() + SECONDS_BACK * 1000; Date.now() < deadline; await sleep(500)) {
    if ((await engine.docker(words, { host })).trim() === "healthy") return true;
  }
  return false;
}
