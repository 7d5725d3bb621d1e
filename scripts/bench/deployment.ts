import { existsSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../setup/project.ts";
import { engineAnswers } from "../stack/docker.ts";
import { BenchProject, Owner, removeContainers } from "./bench-project.ts";
import { alternate, type Comparison } from "./comparison.ts";
import { composeObstacle, composeStop, composeUp, writeComposeProject } from "./compose.ts";
import type { Bench, Measure } from "./measure.ts";
import { time } from "./stopwatch.ts";

const SECONDS = 600;
const START = ["npm", "start", "--silent"];
const STOP = ["npm", "run", "stop", "--silent"];
const DEPLOY = [
  "npx",
  "cdktf",
  "deploy",
  BenchProject.stack,
  "--auto-approve",
  "--output",
  BenchProject.outdir,
];

/** A side of a comparison: what is done with its containers in one round, in seconds. */
type Side<Name extends string> = () => Promise<Readonly<Record<Name, number>>>;

/** From no containers to all healthy, on data and images that are there. */
export const start: Measure = {
  name: "start",
  description: "npm start with images and data there, against docker-compose up -d and the wait for health",
  obstacle: composeObstacle,
  async run(bench) {
    const { signal } = bench;
    const rounds = await sideBySide(
      bench,
      async () => ({ start: await run(START, signal) }),
      async () => ({ start: await composeUp(signal) }),
    );
    const seconds = rounds.map(({ ours, theirs }) => ({ ours: ours.start, theirs: theirs.start }));
    return {
      comparisons: [
        {
          what: "npm start, no containers",
          against: "docker-compose up -d, healthy",
          rounds: seconds,
          aim: 1.5,
        },
      ],
    };
  },
};

/** What it costs to find out that nothing has to be done. */
export const noop: Measure = {
  name: "noop",
  description: "a deploy that changes nothing, against docker-compose up -d with everything up",
  obstacle: composeObstacle,
  async run(bench) {
    const { signal } = bench;
    const rounds = await sideBySide(
      bench,
      async () => {
        await run(START, signal);
        return { start: await run(START, signal), deploy: await run(DEPLOY, signal) };
      },
      async () => {
        await composeUp(signal);
        return { up: await composeUp(signal) };
      },
    );
    const comparison = (what: string, of: "start" | "deploy"): Comparison => ({
      what,
      against: "docker-compose up -d, all up",
      rounds: rounds.map(({ ours, theirs }) => ({ ours: ours[of], theirs: theirs.up })),
    });
    return {
      comparisons: [
        comparison("npm start, all up", "start"),
        comparison("npx cdktf deploy, all up", "deploy"),
      ],
    };
  },
};

/** Down and up again with the same containers. */
export const restart: Measure = {
  name: "restart",
  description: "npm run stop and npm start, against docker-compose stop and up -d and the wait for health",
  async obstacle() {
    if (existsSync(join(PROJECT, "scripts/stop.ts"))) return composeObstacle();
    return "there is no npm run stop";
  },
  async run(bench) {
    const { signal } = bench;
    const rounds = await sideBySide(
      bench,
      async () => {
        await run(START, signal);
        return { stop: await run(STOP, signal), start: await run(START, signal) };
      },
      async () => {
        await composeUp(signal);
        return { stop: await composeStop(signal), start: await composeUp(signal) };
      },
    );
    return {
      comparisons: [
        {
          what: "npm run stop && npm start",
          against: "docker-compose stop && up -d, healthy",
          rounds: rounds.map(({ ours, theirs }) => ({
            ours: ours.stop + ours.start,
            theirs: theirs.stop + theirs.start,
          })),
        },
      ],
    };
  },
};

/**
 * Does both sides in turn. A round begins and ends without containers, because both want the same ports; networks,
 * volumes and images stay for both.
 */
async function sideBySide<A extends string, B extends string>(bench: Bench, ours: Side<A>, theirs: Side<B>) {
  const { note, rounds, signal } = bench;
  await engineAnswers();
  note("preparing images and data; the first time this takes minutes");
  await run(START, signal);
  await writeComposeProject();
  await removeContainers(Owner.ours);
  await composeUp(signal);
  await removeContainers(Owner.theirs);
  return alternate(
    rounds,
    async () => {
      const result = await ours();
      await removeContainers(Owner.ours);
      return result;
    },
    async () => {
      const result = await theirs();
      await removeContainers(Owner.theirs);
      return result;
    },
    (round) => note(`round ${round} of ${rounds}`),
  );
}

async function run(command: readonly string[], signal: AbortSignal): Promise<number> {
  return (await time(command, { seconds: SECONDS, signal })).seconds;
}
