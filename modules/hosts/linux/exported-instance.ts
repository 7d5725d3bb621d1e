import { sha256 } from "../../engine/digest.ts";
import type { ContextFile, ExportedStack } from "../export/exported-stack.ts";
import { secretAt } from "../export/exported-stack.ts";
import { type Account, accountOf } from "./account.ts";
import { CLUSTER_PROGRAMS, clusterFiles, clusterService, hbaFor } from "./database-cluster.ts";
import { type Family, isApp, postgresOf } from "./family.ts";
import type { HostFile } from "./host-file.ts";
import { databaseAddress, listenArguments, poundAddresses, poundCommand } from "./listening.ts";
import { mountOf } from "./mount-unit.ts";
import { areConnected, clientsOf, type Placed } from "./placement.ts";
import { Relocation, venvOf, volumeFolder } from "./relocation.ts";
import type { Service } from "./service.ts";

/** Threads and processes of an account, where the stack does not say: as in the containers. */
const PROCESSES = 16_384;
/** What an image does with the files that it is built from (the Dockerfile of each module). */
const FOLDERS: readonly (readonly [from: string, to: string])[] = [
  // Of an edge that has its application in it.
  ["edge/pages/", "/usr/share/slipway/edge/"],
  ["edge/", "/opt/slipway/edge/"],
  ["site/", "/opt/slipway/site/"],
  ["pages/", "/usr/share/slipway/edge/"],
  ["slipway_node/", "/opt/slipway/slipway_node/"],
  ["slipway_jobs/", "/opt/slipway/slipway_jobs/"],
  ["app/", "/srv/app/"],
];
/** Where an image looks for its programs, with the first first. */
const PROGRAM_FOLDERS: readonly (readonly [from: string, to: string])[] = [
  ["site/", "/opt/slipway/site"],
  ["edge/", "/opt/slipway/edge"],
  ["", "/usr/local/bin"],
];
/** What an engine does, and a host does not. */
const LEFT_OUT: ReadonlySet<string> = new Set(["reconfigure", "ready-folders"]);

/** An instance of a workload on a host: its files, and what its service is made of. */
export interface ExportedInstance {
  readonly placed: Placed;
  readonly account: Account;
  readonly files: readonly HostFile[];
  /** Folder of the secrets, which its account reads. */
  readonly secrets: string | undefined;
  /** Folders that its account writes to. */
  readonly folders: readonly string[];
  readonly service: Service;
  /** The virtual environment of Python, and the files with what has to be in it. */
  readonly venv: { readonly path: string; readonly requirements: readonly string[] } | undefined;
  readonly packages: readonly string[];
  /** A program that makes on the host what no package has, at each installation. */
  readonly build: string | undefined;
}

export function exportedInstance(
  stack: ExportedStack,
  one: Placed,
  all: readonly Placed[],
  family: Family,
): ExportedInstance {
  const { instance, workload } = one;
  const context = stack.contexts.get(workload.image) ?? new Map<string, ContextFile>();
  const relocation = new Relocation(stack.name, one, all, family, context);
  const base = { stack, one, all, family, context, relocation };
  const database = workload.role === "database";
  const image = imageFiles(
    one,
    database ? new Map([...context].filter(([path]) => CLUSTER_PROGRAMS.has(path))) : context,
    relocation,
  );
  const delivered = deliveredFiles(base);
  const etc = `/etc/slipway/${stack.name}/${instance}`;
  const state = `/var/lib/slipway/${stack.name}/${instance}`;
  const writes = [
    state,
    `/var/log/slipway/${stack.name}/${instance}`,
    ...workload.volumes.filter(({ readOnly }) => !readOnly).map(({ name }) => volumeFolder(stack.name, name)),
  ];
  const environment = {
    path: `${etc}/environment`,
    content: environmentText(variablesOf(base)),
  };
  const service = serviceOf(base, { environment: environment.path, writes });
  return {
    placed: one,
    account: accountOf(workload),
    files: [
      ...(database ? clusterFiles(relocation) : []),
      ...image,
      ...(isApp(context) ? checksums(image, relocation) : []),
      ...delivered,
      environment,
    ],
    secrets: workload.secrets.length > 0 ? `${etc}/secrets` : undefined,
    folders: writes,
    service: database ? clusterService(service, relocation) : service,
    venv: isApp(context)
      ? {
          path: venvOf(stack.name, workload.image, context),
          requirements: [
            "/opt/slipway/requirements.txt",
            "/opt/slipway/server-requirements.txt",
            "/srv/app/requirements.txt",
          ]
            .filter((path) => image.some((file) => file.path === relocation.of(path)))
            .map((path) => relocation.of(path)),
        }
      : undefined,
    packages: family.packages(workload.image, context) ?? [],
    build: context.has("build") ? relocation.of("/usr/local/bin/build") : undefined,
  };
}

/** All that an instance is written from. */
interface Base {
  readonly stack: ExportedStack;
  readonly one: Placed;
  readonly all: readonly Placed[];
  readonly family: Family;
  /** Files that the image is made of. */
  readonly context: ReadonlyMap<string, ContextFile>;
  readonly relocation: Relocation;
}

function imageFiles(
  one: Placed,
  context: ReadonlyMap<string, ContextFile>,
  relocation: Relocation,
): readonly HostFile[] {
  return [...context].flatMap(([path, { content, executable }]) => {
    const to = placeInImage(path, executable);
    if (to === undefined) return [];
    const isCode = path.startsWith("app/");
    // What its author wrote is left as it is.
    return [
      {
        path: relocation.of(to),
        content: isCode ? content : poundCommand(one, relocation.of(content.toString())),
        mode: executable ? 0o755 : 0o644,
      },
    ];
  });
}

/** The path of a program of the image; undefined for one that it has not. */
function programOf(context: ReadonlyMap<string, ContextFile>, name: string): string | undefined {
  const [, folder] = PROGRAM_FOLDERS.find(([from]) => context.has(`${from}${name}`)) ?? [];
  return folder === undefined ? undefined : `${folder}/${name}`;
}

function placeInImage(path: string, executable: boolean): string | undefined {
  if (LEFT_OUT.has(path.slice(path.lastIndexOf("/") + 1))) return undefined;
  const [from, to] = FOLDERS.find(([folder]) => path.startsWith(folder)) ?? [];
  if (from !== undefined) return `${to}${path.slice(from.length)}`;
  if (path.includes("/")) return undefined;
  if (/^(server-)?requirements\.txt$/.test(path)) return `/opt/slipway/${path}`;
  if (path.endsWith(".c")) return `/opt/slipway/${path}`;
  return executable ? `/usr/local/bin/${path}` : undefined;
}

/** Configuration and secrets, with the list that `health` compares the configuration with. */
function deliveredFiles({ stack, one, all, relocation }: Base): readonly HostFile[] {
  const { workload, machine } = one;
  const clients = [machine, ...clientsOf(one, all)].map(({ address }) => address);
  const files = Object.entries(workload.files).map(([path, content]) => ({
    path: relocation.of(path),
    content: poundAddresses(one, all, hbaFor(databaseAddress(one, relocation.of(content)), clients)),
  }));
  return [
    ...files,
    ...sums("/etc/slipway/files.sha256", files, relocation),
    ...workload.secrets.map((path) => ({
      path: relocation.of(path),
      content: relocation.of(secretAt(stack, workload, path)),
      mode: 0o640,
    })),
  ];
}

/** Digest of the code, which nodes of one release have in common, and the list of checksums of all of Python. */
function checksums(image: readonly HostFile[], relocation: Relocation): readonly HostFile[] {
  const python = image.filter(({ path }) => path.endsWith(".py"));
  const code = image
    .filter(({ path }) => path.startsWith(`${relocation.of("/srv/app")}/`))
    .map(({ path, content }) => `${path.slice(relocation.of("/srv/app").length)} ${sha256(content)}`);
  return [
    ...sums("/opt/slipway/files.sha256", python, relocation),
    { path: relocation.of("/opt/slipway/release"), content: `${sha256(code.join("\n"))}\n` },
  ];
}

function sums(path: string, files: readonly HostFile[], relocation: Relocation): readonly HostFile[] {
  if (files.length === 0) return [];
  const lines = files.map((file) => `${sha256(file.content)}  ${file.path}\n`);
  return [{ path: relocation.of(path), content: lines.join("") }];
}

function variablesOf({ stack, one, all, family, context, relocation }: Base): Record<string, string> {
  const { workload, instance } = one;
  const server = all.find(
    (other) => other.workload.role === "database" && areConnected(workload, other.workload),
  );
  const version = postgresOf(workload.image);
  const programs = version === undefined ? "" : `${family.postgresPrograms(version)}:`;
  const variables: Record<string, string> = {
    ...(isApp(context) && {
      PYTHONPATH: "/opt/slipway:/srv/app",
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONUNBUFFERED: "1",
      HOME: "/var/lib/app",
    }),
    PATH: [
      ...PROGRAM_FOLDERS.filter(([from]) => from !== "" && hasFolder(context, from)).map(([, to]) => to),
      `${programs}/usr/local/bin:/usr/bin:/bin`,
    ].join(":"),
    ...(version !== undefined && { PGDATA: `/var/lib/postgresql/${version}` }),
    ...workload.environment,
    // Laid out by the installation, where the edge is.
    ...(isApp(context) && { SLIPWAY_STATIC: "" }),
  };
  return {
    ...Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, relocation.of(value)] as const),
    ),
    // The bare names of programs: those of the image first, then those of the host.
    PATH: `${relocation.of(variables.PATH ?? "")}:/usr/sbin:/sbin`,
    SLIPWAY_NODE: instance,
    SLIPWAY_STACK: stack.name,
    ...(isApp(context) && server !== undefined && { PGHOSTADDR: server.machine.address }),
  };
}

function hasFolder(context: ReadonlyMap<string, ContextFile>, folder: string): boolean {
  return [...context.keys()].some((path) => path.startsWith(folder));
}

/** As a shell and systemd both read it. */
function environmentText(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}="${value.replace(/[\\"$`]/g, "\\$&")}"\n`);
  return `# Written by Slipway.\n${lines.join("")}`;
}

function serviceOf(
  { stack, one, all, family, context, relocation }: Base,
  { environment, writes }: { readonly environment: string; readonly writes: readonly string[] },
): Service {
  const { instance, workload, machine } = one;
  const entrypoint = [programOf(context, "entrypoint")].filter((path) => path !== undefined);
  const reload = workload.role === "edge" ? programOf(context, "reload") : undefined;
  const words = [...entrypoint, ...(workload.command ?? [])];
  const before = ["database", "cache"];
  return {
    name: serviceName(stack.name, instance),
    description: `${instance} of ${stack.name} (${workload.role})`,
    account: accountOf(workload).name,
    directory: isApp(context) ? relocation.of("/srv/app") : "/",
    command: [...words.map((text) => relocation.of(family.programs[text] ?? text)), ...listenArguments(one)],
    environment,
    run: `slipway/${stack.name}/${instance}`,
    log: `/var/log/slipway/${stack.name}/${instance}.log`,
    writes,
    reads: [
      `/etc/slipway/${stack.name}/${instance}`,
      ...workload.volumes
        .filter(({ readOnly }) => readOnly)
        .map(({ name }) => volumeFolder(stack.name, name)),
    ],
    mounts: workload.volumes.flatMap((volume) => {
      const path = volumeFolder(stack.name, volume.name);
      const mount = mountOf(volume, path);
      return mount === undefined ? [] : [{ path, unit: mount.unit }];
    }),
    needs: all
      .filter((other) => other.machine === machine && other.workload !== workload)
      .filter((other) => before.includes(other.workload.role) && !before.includes(workload.role))
      .filter((other) => areConnected(workload, other.workload))
      .map((other) => serviceName(stack.name, other.instance)),
    recovers: workload.role === "database",
    memory: workload.limits.memory,
    processes: workload.limits.processes ?? PROCESSES,
    stop: workload.stop,
    patience: workload.health.startPeriod + 30,
    privilegedPort: [...one.sockets.values()].some(({ port }) => port < 1024),
    reload: reload === undefined ? undefined : relocation.of(reload),
    health: relocation.of(
      programOf(context, workload.health.command[0] ?? "health") ?? "/usr/local/bin/health",
    ),
  };
}

export const serviceName = (stack: string, instance: string) => `slipway-${stack}-${instance}`;
