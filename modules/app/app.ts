/**
 * A Python web application on one or several nodes.
 *
 *     const shop = new App(this, "shop", { source: Py4web.fromDirectory("shop"), nodes: 2 });
 *     shop.uses(db);
 */
import { fileURLToPath } from "node:url";
import { Construct } from "constructs";
import type { ContextPart } from "../engine/build.ts";
import type { Network } from "../engine/network.ts";
import { nodeNames } from "../engine/node-names.ts";
import type { Volume } from "../engine/volume.ts";
import type { ConfigFile, PublishedPort, VolumeMount, Workload } from "../engine/workload.ts";
import { Environment } from "../environment/environment.ts";
import type { Contribution, Module } from "../environment/module.ts";
import type { Job } from "../jobs/job.ts";
import { jobsWorkload, MOST_JOBS } from "../jobs/jobs-workload.ts";
import { SCHEDULER } from "../jobs/scheduler.ts";
import type { SessionPlace } from "../rules/description.ts";
import { SHARED_ROOT } from "../shared-folders/shared-folders.ts";
import { LocalDisk } from "../storage/local-disk.ts";
import { FILES_OWNER } from "../storage/owner.ts";
import { countOf } from "../values/count.ts";
import { Duration, type DurationText } from "../values/duration.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";
import { Size, type SizeText } from "../values/size.ts";
import { Concurrency } from "./concurrency.ts";
import { databaseTrust } from "./database-trust.ts";
import { databaseUrl, databaseUrls } from "./database-url.ts";
import type { Protocol, SocketKind, Speaks } from "./protocol.ts";
import { type Listener, SERVER_PORTS, Server, type ServerKind } from "./server/server.ts";
import type { Grant, Service } from "./service.ts";
import type { Sessions } from "./sessions.ts";
import type { AnyPlace, Source } from "./source.ts";
import type { Uploads } from "./uploads.ts";
import { type Backend, SOCKETS, STATIC, type Upstream } from "./upstream.ts";

/** What an application can be reached by when its stack leaves the choice to the edge. */
export type AnyProtocol = "uwsgi" | "fastcgi" | "http" | "wsgi";

export interface AppProps<P extends Protocol = AnyProtocol, S extends SessionPlace = AnyPlace> {
  /** The code. */
  readonly source: Source<S>;
  /** What runs it. @default uWSGI, or the edge itself where that has Python in it */
  readonly server?: Server<P>;
  /** How many nodes run side by side. @default 1 */
  readonly nodes?: number;
  /** Hard limit of each node. @default 256 MiB */
  readonly memory?: Size | SizeText;
  /** Requests that a node serves at a time. @default 15 threads, as mod_wsgi has it (recipe 1) */
  readonly concurrency?: Concurrency;
  /** Where sessions are kept. @default what the source's framework does by itself */
  readonly sessions?: Sessions<S>;
  /** Where uploaded files are kept. @default the folder of uploads */
  readonly uploads?: Uploads;
  /** How long a node may take until it is first healthy; a release that takes longer has failed. @default 90 seconds */
  readonly startPeriod?: Duration | DurationText;
  /** Hard limit of the container that runs the jobs. @default that of a node */
  readonly jobMemory?: Size | SizeText;
  /** Settings that are no secret. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ports on the host; a rule refuses any, because the edge alone is published. @default none */
  readonly publish?: readonly PublishedPort[];
}

/** A Python web application. */
export class App<P extends Protocol = AnyProtocol, S extends SessionPlace = AnyPlace>
  extends Construct
  implements Module, Upstream<P>
{
  readonly speaks: Speaks<P>;
  readonly name: Name;
  readonly #props: Omit<AppProps<P>, "source" | "sessions">;
  readonly #source: Source;
  /** Undefined where the stack leaves the choice to the edge. */
  readonly #chosen: ServerKind | undefined;
  readonly #listeners: Listener[] = [];
  #embedded = false;
  readonly #nodes: number;
  readonly #memory: Size;
  readonly #jobMemory: Size;
  readonly #concurrency: Concurrency;
  readonly #sessions: Sessions;
  readonly #startPeriod: Duration;
  readonly #network: Network;
  readonly #grants: Grant[] = [];
  readonly #jobs: Job[] = [];

  constructor(scope: Construct, id: string, props: AppProps<P, S>) {
    super(scope, Name.of(id).text);
    this.name = Name.of(id);
    this.#props = props;
    this.#source = props.source;
    this.#chosen = props.server?.kind;
    this.speaks = props.server?.speaks ?? ({ ...Server.uwsgi().speaks, wsgi: true } as Speaks<P>);
    this.#nodes = countOf(props.nodes ?? 1, { of: "nodes", most: 1000, fix: "Write nodes: 2" });
    this.#memory = Size.of(props.memory ?? "256 MiB");
    this.#jobMemory = Size.of(props.jobMemory ?? this.#memory);
    this.#concurrency = props.concurrency ?? Concurrency.threads(15);
    this.#sessions = props.sessions ?? props.source.defaultSessions;
    this.#startPeriod = Duration.of(props.startPeriod ?? "90 seconds");
    this.#network = { name: this.name, internal: false };
    Environment.of(this).add(this);
    if (this.#sessions.service) this.uses(this.#sessions.service);
    if (props.uploads) this.uses(props.uploads.database);
  }

  get path(): string {
    return this.node.path;
  }

  /** Gives the application access to a service: its network, its credentials, and waiting until it answers. */
  uses(service: Service): void {
    if (Environment.of(service) !== Environment.of(this)) {
      throw new InvalidValue({
        what: `service of ${this.path}`,
        got: service.node.path,
        allowed: "a service of the same stack",
        fix: "Create the service in this stack",
      });
    }
    if (this.#grants.some((grant) => grant.service === service.node.path)) return;
    const connections = () => this.#connections;
    // Asked when the stack is written: jobs may come later.
    this.#grants.push(
      service.grant({
        name: this.name,
        nodes: this.#nodes,
        get connections() {
          return connections();
        },
      }),
    );
  }

  /**
   * Does something at its times, once, in a container beside the nodes.
   * @throws InvalidValue for more than 16 jobs, and for a call that is none of the application's framework.
   */
  runs(job: Job): void {
    countOf(this.#jobs.push(job), {
      of: `jobs of ${this.path}`,
      most: MOST_JOBS,
      fix: "Let one job do what belongs together",
    });
    if (job.task.kind === "call") this.#source.call(job.task.call);
    if (job.task.kind === "collect-tickets") this.uses(job.task.into);
  }

  listen(asked: P, over: SocketKind): Backend {
    const protocol: Protocol = asked;
    if (this.#embedded || (protocol === "wsgi" && this.#listeners.length > 0)) this.#refuseSecond();
    if (protocol === "wsgi") this.#embed();
    else if (!this.#listeners.some((one) => one.protocol === protocol && one.over === over)) {
      this.#listeners.push({ protocol, over });
    }
    const { rootMount, staticFolders, adminPaths = [], healthPath } = this.#source;
    return {
      name: this.name,
      network: this.#network,
      protocol,
      nodes:
        protocol === "wsgi"
          ? []
          : nodeNames(this.name, this.#nodes).map((node) =>
              over === "tcp" ? `${node}:${SERVER_PORTS[protocol]}` : `${node}.${protocol}`,
            ),
      ...(protocol === "wsgi" && {
        embedded: {
          concurrency: this.#concurrency,
          maximumRequests: this.#server.maximumRequests,
          node: () => this.#workload(),
        },
      }),
      sockets: over === "unix" ? this.#sockets() : undefined,
      rootMount,
      staticFiles: this.#staticFiles(),
      staticPaths: staticFolders.map(({ path }) => path),
      adminPaths,
      healthPath,
    };
  }

  workloads(): readonly Workload[] {
    return [
      ...(this.#embedded ? [] : [this.#workload()]),
      ...(this.#jobs.length > 0 ? [this.#jobsWorkload()] : []),
    ];
  }

  #jobsWorkload(): Workload {
    return jobsWorkload(this.#workload([]), {
      jobs: this.#jobs,
      source: this.#source,
      grants: this.#grants,
      sessions: this.#sessions.place,
      memory: this.#jobMemory,
      network: this.#network,
      embedded: this.#embedded,
    });
  }

  /** @param serverFiles inside of an edge the server's part of the configuration is in the edge's own. */
  #workload(serverFiles = this.#embedded ? [] : this.#serverFiles()): Workload {
    const source = this.#source;
    const delivery = source.deliver({
      name: this.name.text,
      grants: this.#grants,
      sessions: this.#sessions,
      uploads: this.#props.uploads,
      poolSize: this.#concurrency.threads,
      collectsTickets: this.#jobs.some(({ task }) => task.kind === "collect-tickets"),
    });
    const databases = this.#grants.filter((grant) => grant.kind === "database");
    // A replica is not waited for: an application has to do without it at any time.
    const replicas = this.#grants.filter((grant) => grant.kind === "replica");
    const trust = databaseTrust(this.name.text, [...databases, ...replicas]);
    return {
      name: this.name,
      role: "app",
      image: {
        name: this.name,
        context: [
          { folder: fileURLToPath(new URL("image", import.meta.url)), into: "" },
          SCHEDULER,
          ...this.#serverContext(),
          ...source.context(),
        ],
        args: {},
      },
      replicas: this.#nodes,
      user: FILES_OWNER,
      ...(!this.#embedded && { command: this.#server.command }),
      environment: {
        ...trust.environment,
        ...delivery.environment,
        ...this.#props.environment,
        SLIPWAY_CALLABLE: source.callable,
        SLIPWAY_HEALTH_PATH: source.healthPath,
        SLIPWAY_STATIC: source.staticFolders.map(({ folder, path }) => `${folder}=${path}`).join(" "),
        SLIPWAY_PATIENCE: String(this.#startPeriod.seconds),
        SLIPWAY_WAIT_FOR: databases
          .flatMap(databaseUrls)
          .map(({ path }) => path)
          .join(" "),
      },
      files: [...serverFiles, ...delivery.files],
      secrets: [...delivery.secrets, ...replicas.map(databaseUrl), ...trust.secrets],
      volumes: [
        { volume: this.#staticFiles(), path: STATIC },
        ...(this.#listeners.some(({ over }) => over === "unix")
          ? [{ volume: this.#sockets(), path: SOCKETS }]
          : []),
        ...this.#sharedFolders(),
      ],
      networks: [
        ...(this.#embedded ? [] : [this.#network]),
        ...this.#grants.filter((grant) => grant.kind !== "folders").map(({ network }) => network),
      ],
      ports: this.#props.publish ?? [],
      health: { command: ["health"], startPeriod: this.#startPeriod },
      limits: { memory: this.#memory },
      capabilities: [],
      stop: { signal: this.#server.stopSignal, grace: Duration.of("30 seconds") },
      release: "start-first",
    };
  }

  describe(): Contribution {
    const databases = this.#grants.filter(({ kind }) => kind === "database" || kind === "replica");
    const folders = this.#grants.find((grant) => grant.kind === "folders");
    return {
      apps: [
        {
          path: this.path,
          name: this.name.text,
          nodes: this.#nodes,
          server: this.#server.name,
          kind: this.#source.kind,
          applications: this.#source.applications,
          sessions: this.#sessions.place,
          sharedFolders: folders?.service,
          connections: Object.fromEntries(databases.map(({ service }) => [service, this.#connections])),
          stockApplications: this.#source.stockApplications,
          adminPassword: this.#source.adminPassword?.source.kind,
          mounts: this.#source.mounts,
          processes: this.#concurrency.processes,
          threads: this.#concurrency.threads,
          jobs: this.#jobs.map(({ name, schedule, timeout, overlap, task }) => ({
            name: name.text,
            period: schedule.period,
            timeout,
            overlap,
            task: task.kind,
          })),
        },
      ],
    };
  }

  get #server(): ServerKind {
    return this.#chosen ?? (this.#embedded ? Server.modWsgi() : Server.uwsgi()).kind;
  }

  #embed(): void {
    if (this.#nodes !== 1) {
      throw new InvalidValue({
        what: `nodes of ${this.path}, which runs inside of an edge`,
        got: String(this.#nodes),
        allowed: "1, the edge itself",
        fix: "Leave out nodes, or put Apache.modProxy() before them",
      });
    }
    if (this.#props.publish?.length) {
      throw new InvalidValue({
        what: `ports of ${this.path}, which runs inside of an edge`,
        got: `${this.#props.publish.length}`,
        allowed: "none but those of the edge",
        fix: "Remove publish",
      });
    }
    this.#embedded = true;
  }

  #refuseSecond(): never {
    throw new InvalidValue({
      what: `routes to ${this.path}, which runs inside of an edge`,
      got: "another one",
      allowed: "one route, of that edge",
      fix: "Make a second App with the same source, or use Apache.modProxy() for both",
    });
  }

  /** While a release is rolled out, old and new containers hold their connections side by side; a job needs one. */
  get #connections(): number {
    const ofJobs = this.#jobs.length > 0 ? this.#jobs.length + 1 : 0;
    return (this.#nodes * this.#concurrency.requests + ofJobs) * 2;
  }

  /** What the server needs in the image; files of their own, so that a change of the code does not install it again. */
  #serverContext(): ContextPart[] {
    const { packages, requirements } = this.#server;
    return [
      { file: "server-packages.txt", content: packages.map((name) => `${name}\n`).join("") },
      { file: "server-requirements.txt", content: requirements.map((line) => `${line}\n`).join("") },
    ];
  }

  #serverFiles(): readonly ConfigFile[] {
    return this.#server.files({
      name: this.name.text,
      callable: this.#source.callable,
      concurrency: this.#concurrency,
      memory: this.#memory,
      listeners: this.#listeners,
    });
  }

  /** Without the folder of what is kept elsewhere. */
  #sharedFolders(): readonly VolumeMount[] {
    const elsewhere = [
      ...(this.#sessions.place === "sticky" ? [`${SHARED_ROOT}/sessions`] : []),
      ...(this.#props.uploads ? [`${SHARED_ROOT}/uploads`] : []),
    ];
    return this.#grants
      .filter((grant) => grant.kind === "folders")
      .flatMap(({ volumes }) => volumes.filter(({ path }) => !elsewhere.includes(path)));
  }

  #sockets(): Volume {
    return { name: `${this.name}-sockets`, storage: LocalDisk.volumes(), folder: "sockets", keep: false };
  }

  #staticFiles(): Volume {
    const name = `${this.name}-static`;
    return { name, storage: LocalDisk.volumes(), folder: "static", keep: false, published: true };
  }
}
