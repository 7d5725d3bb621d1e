import { databaseUrl } from "../app/database-url.ts";
import type { Grant } from "../app/service.ts";
import type { Source } from "../app/source.ts";
import type { Network } from "../engine/network.ts";
import type { Workload } from "../engine/workload.ts";
import type { SessionPlace } from "../rules/description.ts";
import { LocalDisk } from "../storage/local-disk.ts";
import { Duration } from "../values/duration.ts";
import { Name } from "../values/name.ts";
import type { Size } from "../values/size.ts";
import type { Job } from "./job.ts";
import { jobsFile, type ScheduledCommand } from "./jobs-file.ts";
import { PYTHON } from "./python-call.ts";
import { JOBS_STATE, stopGrace } from "./scheduler.ts";

/** More results than this do not fit into what the engine keeps of a health check. */
export const MOST_JOBS = 16;
/** Nodes migrate and rehearse while the container of the jobs waits for them. */
const BEHIND_NODES = Duration.of("1 minute");

/** What the jobs of an application are made of. */
export interface JobsModel {
  readonly jobs: readonly Job[];
  readonly source: Source;
  readonly grants: readonly Grant[];
  readonly sessions: SessionPlace;
  readonly memory: Size;
  /** Of the application, which leads out of the host. */
  readonly network: Network;
  /** The application runs inside of an edge, whose image is another. */
  readonly embedded: boolean;
}

/**
 * The container that runs the jobs of an application, beside its nodes: the same code, settings and secrets, and no server.
 *
 * It is started first like a node, so that a release that does not work leaves the one before in charge. The scheduler in
 * it begins only when the one before has ended, which lets its jobs end (docs/decisions/0015-jobs.md).
 */
export function jobsWorkload(node: Workload, model: JobsModel): Workload {
  const { jobs, grants } = model;
  const name = jobsName(node.name);
  const commands = jobs.map((job) => scheduled(job, model));
  const { SLIPWAY_MIGRATION, SLIPWAY_STATIC, ...environment } = node.environment;
  return {
    ...node,
    name,
    role: "job",
    image: { ...node.image, name: model.embedded ? name : node.image.name },
    replicas: 1,
    command: [PYTHON, "-m", "slipway_jobs"],
    environment: {
      ...environment,
      PATH: "/srv/venv/bin:/usr/local/bin:/usr/bin:/bin",
      ...(SLIPWAY_MIGRATION !== undefined && { SLIPWAY_MIGRATED_BY: node.name.text }),
    },
    files: [...node.files, jobsFile(commands)],
    volumes: [
      ...grants.filter((grant) => grant.kind === "folders").flatMap(({ volumes }) => volumes),
      {
        volume: { name: `${name}-state`, storage: LocalDisk.volumes(), folder: "jobs", keep: false },
        path: JOBS_STATE,
      },
    ],
    networks: [...new Set([model.network, ...node.networks])],
    ports: [],
    health: { command: ["jobs-health"], startPeriod: node.health.startPeriod.plus(BEHIND_NODES) },
    limits: { memory: model.memory },
    stop: { signal: "SIGTERM", grace: stopGrace(commands) },
    release: "start-first",
  };
}

/** The name of the workload that runs the jobs of an application. */
export function jobsName(app: Name): Name {
  return Name.of(`${app}-jobs`);
}

function scheduled(job: Job, model: JobsModel): ScheduledCommand {
  const { name, schedule, timeout, overlap = "forbid" } = job;
  return { name, schedule, timeout, overlap, command: commandOf(job, model) };
}

function commandOf({ task }: Job, { source, grants, sessions }: JobsModel): readonly string[] {
  const databases = grants.filter((grant) => grant.kind === "database");
  switch (task.kind) {
    case "command":
      return task.command;
    case "call":
      return source.call(task.call);
    case "expire-sessions":
      return [
        ...[PYTHON, "-m", "slipway_node.expire_sessions"],
        ...[source.kind, sessions, String(task.after.seconds)],
      ];
    case "collect-tickets": {
      const into = databases.find(({ service }) => service === task.into.node.path);
      const url = into === undefined ? "" : databaseUrl(into).path;
      return [
        ...[PYTHON, "-m", "slipway_node.collect_tickets"],
        ...[source.kind, url, ...(task.duplicates ? ["--duplicates"] : [])],
      ];
    }
  }
}
