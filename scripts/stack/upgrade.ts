import { join } from "node:path";
import { stageContext } from "../../modules/engine/build-context.ts";
import { Label } from "../../modules/engine/labels.ts";
import { DATA, serverImage, USER } from "../../modules/postgres/server-image.ts";
import type { PostgresVersion } from "../../modules/postgres/version.ts";
import { lastLines } from "../setup/machine.ts";
import { Problem } from "../setup/problem.ts";
import type { Container } from "./containers.ts";
import { descriptionOf } from "./description.ts";
import { docker, runDocker } from "./docker.ts";
import type { Note } from "./progress.ts";
import type { Stack } from "./stack.ts";
import type { StackHost } from "./stack-host.ts";

const SECONDS_FOR_BUILD = 1800;
/** A copy of everything there is; who waits for it sees how far it is. */
const SECONDS_FOR_DATA = 24 * 3600;
/** What the engine needs on top of a container's own grace. */
const SECONDS_OF_ENGINE = 30;

/** From one major version to the next. */
export interface Step {
  readonly from: PostgresVersion;
  readonly to: PostgresVersion;
}

/** The version of PostgreSQL that a stack declares for a database; undefined when it declares no such database. */
export function declaredVersion(stack: Stack, database: string): PostgresVersion | undefined {
  const { databases = [] } = descriptionOf(stack) ?? {};
  return databases.find(({ name }) => name === database)?.version as PostgresVersion | undefined;
}

/** Builds the image that has the programs of both versions, and gives its name. */
export async function buildImage(
  { project, folder }: Stack,
  host: StackHost,
  { from, to }: Step,
  note: Note,
  signal: AbortSignal,
): Promise<string> {
  const build = serverImage(to, from);
  const staged = stageContext(build, join(folder, "images"));
  const image = `${project}/${build.name}:${staged.hash}`;
  const args = Object.entries(build.args).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]);
  const onLine = (line: string) => note(line.slice(0, 100));
  await docker(["build", "--tag", image, ...args, staged.folder], {
    host,
    seconds: SECONDS_FOR_BUILD,
    onLine,
    signal,
  });
  signal.throwIfAborted();
  return image;
}

/**
 * Stops the server and brings a copy of its data to the new version. When that fails or is interrupted, the data is as it
 * was, and a server that ran is started again.
 * @throws Problem with what pg_upgrade said
 */
export async function bringOver(
  { project }: Stack,
  container: Container,
  volume: string,
  { image, from }: { readonly image: string; readonly from: PostgresVersion },
  note: Note,
  signal: AbortSignal,
): Promise<void> {
  const name = `${container.name}-upgrade`;
  const { host, stopGrace, id, memoryLimit } = container;
  await refuseSecond(host, name);
  signal.throwIfAborted();
  note(`stopping ${container.node}`);
  await docker(["stop", "--time", `${stopGrace}`, id], { host, seconds: stopGrace + SECONDS_OF_ENGINE });
  const words = [
    ...["run", "--rm", "--name", name, "--label", `${Label.project}=${project}`, "--init"],
    ...["--user", `${USER}`, "--network", "none", "--cap-drop", "ALL"],
    ...["--security-opt", "no-new-privileges:true"],
    ...(memoryLimit > 0 ? ["--memory", `${memoryLimit}`] : []),
    ...["--env", `SLIPWAY_STORAGE=volume ${volume}`, "--volume", `${volume}:${DATA}`],
    ...["--entrypoint", "upgrade", image, `${from}`],
  ];
  const outcome = await runDocker(words, {
    host,
    seconds: SECONDS_FOR_DATA,
    // pg_upgrade ends each line of its own with an "ok", and underlines its headings.
    onLine: (line) => line.startsWith("--") || note(line.replace(/^slipway: /, "").replace(/\s+ok$/, "")),
    signal,
  });
  if (outcome.code === 0) return;
  // A client that was interrupted may leave its container at work.
  await docker(["rm", "--force", name], { host }).catch(() => undefined);
  if (container.state === "running") await docker(["start", id], { host }).catch(() => undefined);
  signal.throwIfAborted();
  throw new Problem({
    what: `The data of ${container.node} was not brought over; it is as it was.`,
    value: lastLines(`${outcome.stdout}\n${outcome.stderr}`, 12),
    fix: `mend what it says and try again, or declare version: ${from} and deploy, which goes on as before`,
  });
}

async function refuseSecond(host: StackHost, name: string): Promise<void> {
  const listing = ["ps", "--all", "--filter", `name=^/?${name}$`, "--format", "{{.State}}"];
  const state = (await docker(listing, { host })).trim();
  if (state === "running") {
    throw new Problem({
      what: "Another upgrade of this database is at work.",
      value: `container ${name}`,
      fix: `wait until it has ended (docker logs --follow ${name}), then try again`,
    });
  }
  if (state !== "") await docker(["rm", name], { host });
}
