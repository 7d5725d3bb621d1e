/**
 * A description of a good production environment, in which each test changes what it is about:
 *
 *     described({ workloads: [database({ user: 0 })] })
 */
import type { Network } from "../../modules/engine/network.ts";
import type { Workload } from "../../modules/engine/workload.ts";
import type {
  DescribedApp,
  DescribedBackup,
  DescribedBalancer,
  DescribedDatabase,
  DescribedEdge,
  DescribedExternalDatabase,
  DescribedJob,
  DescribedRoute,
  DescribedSharedFolders,
  DescribedWorkload,
  Description,
} from "../../modules/rules/description.ts";
import { SHARED_FOLDERS } from "../../modules/shared-folders/shared-folders.ts";
import { LocalDisk } from "../../modules/storage/local-disk.ts";
import { Nfs } from "../../modules/storage/nfs.ts";
import type { Storage } from "../../modules/storage/storage.ts";
import { Duration } from "../../modules/values/duration.ts";
import { Name } from "../../modules/values/name.ts";
import { Port } from "../../modules/values/port.ts";
import { Size } from "../../modules/values/size.ts";

export const OWN_DISK: Storage = LocalDisk.folder("/srv/postgres", { redundancy: "raid1" });
export const FILE_SERVER: Storage = Nfs.v4("10.0.0.20", "/tank/shared", { redundancy: "mirror" });

const IDLE: Omit<Workload, "name" | "role"> = {
  image: { name: Name.of("any"), context: [], args: {} },
  replicas: 1,
  user: 1000,
  environment: {},
  files: [],
  secrets: [],
  volumes: [],
  networks: [],
  ports: [],
  health: { command: ["health"], startPeriod: Duration.of("30 seconds") },
  limits: { memory: Size.of("256 MiB") },
  capabilities: [],
  stop: { signal: "SIGTERM", grace: Duration.of("10 seconds") },
  release: "stop-first",
};

/** Of the service or the application of this name; services have no way out. */
function network(name: string, internal = false): Network {
  return { name: Name.of(name), internal };
}

export function database(changes: Partial<Workload> = {}): DescribedWorkload {
  const data = { name: "db-data", storage: OWN_DISK, folder: "db", keep: true };
  const workload: Workload = {
    ...IDLE,
    name: Name.of("db"),
    role: "database",
    volumes: [{ volume: data, path: "/var/lib/postgresql" }],
    networks: [network("db", true)],
    stop: { signal: "SIGINT", grace: Duration.of("2 minutes") },
    ...changes,
  };
  return { path: `prod/${workload.name}`, workload };
}

export function cache(changes: Partial<Workload> = {}): DescribedWorkload {
  const workload: Workload = {
    ...IDLE,
    name: Name.of("cache"),
    role: "cache",
    networks: [network("cache", true)],
    limits: { memory: Size.of("64 MiB") },
    ...changes,
  };
  return { path: `prod/${workload.name}`, workload };
}

export function fileServer(changes: Partial<Workload> = {}): DescribedWorkload {
  const workload: Workload = {
    ...IDLE,
    name: Name.of("files"),
    role: "storage",
    networks: [network("files")],
    ...changes,
  };
  return { path: `prod/${workload.name}`, workload };
}

export function nodes(changes: Partial<Workload> = {}): DescribedWorkload {
  const workload: Workload = {
    ...IDLE,
    name: Name.of("shop"),
    role: "app",
    replicas: 2,
    networks: [network("shop"), network("db", true), network("cache", true)],
    release: "start-first",
    ...changes,
  };
  return { path: `prod/${workload.name}`, workload };
}

export function front(changes: Partial<Workload> = {}): DescribedWorkload {
  const workload: Workload = {
    ...IDLE,
    name: Name.of("edge"),
    role: "edge",
    networks: [network("edge"), network("shop")],
    ports: [
      { address: "192.0.2.1", host: Port.of(80), container: Port.of(8080) },
      { address: "192.0.2.1", host: Port.of(443), container: Port.of(8443) },
    ],
    ...changes,
  };
  return { path: `prod/${workload.name}`, workload };
}

export function server(changes: Partial<DescribedDatabase> = {}): DescribedDatabase {
  return { path: "prod/db", version: 17, storage: OWN_DISK, maxConnections: 100, ...changes };
}

export function externalDatabase(
  changes: Partial<DescribedExternalDatabase> = {},
): DescribedExternalDatabase {
  return {
    path: "prod/crm",
    name: "crm",
    host: "db.example.org",
    port: 5432,
    database: "crm",
    trust: "verified",
    maxConnections: undefined,
    ...changes,
  };
}

export function app(changes: Partial<DescribedApp> = {}): DescribedApp {
  return {
    path: "prod/shop",
    name: "shop",
    nodes: 2,
    server: "uwsgi",
    kind: "wsgi",
    applications: [],
    sessions: "database",
    sharedFolders: "prod/shared",
    connections: { "prod/db": 60 },
    stockApplications: [],
    adminPassword: undefined,
    mounts: undefined,
    processes: 1,
    threads: 15,
    jobs: [],
    ...changes,
  };
}

export function job(changes: Partial<DescribedJob> = {}): DescribedJob {
  return {
    name: "report",
    period: Duration.of("1 hour"),
    timeout: Duration.of("10 minutes"),
    overlap: undefined,
    task: "command",
    ...changes,
  };
}

export function edge(changes: Partial<DescribedEdge> = {}): DescribedEdge {
  return {
    path: "prod/edge",
    server: "apache-mod-proxy",
    bodyLimit: 16 * 2 ** 20,
    hostname: "shop.example.org",
    certificate: "files",
    admin: "disabled",
    routes: [route()],
    ...changes,
  };
}

export function route(changes: Partial<DescribedRoute> = {}): DescribedRoute {
  return { app: "shop", at: "/", sticky: "nothing", staticPaths: ["/static"], adminPaths: [], ...changes };
}

export function balancer(changes: Partial<DescribedBalancer> = {}): DescribedBalancer {
  return {
    path: "prod/balancer",
    name: "balancer",
    engine: "haproxy-least-connections",
    app: "shop",
    nodes: 2,
    sticky: "nothing",
    ...changes,
  };
}

export function folders(changes: Partial<DescribedSharedFolders> = {}): DescribedSharedFolders {
  return {
    path: "prod/shared",
    storage: FILE_SERVER,
    folders: SHARED_FOLDERS,
    quotas: new Map(),
    applications: ["shop"],
    ...changes,
  };
}

export function backup(changes: Partial<DescribedBackup> = {}): DescribedBackup {
  return {
    path: "prod/backup",
    name: "backup",
    of: ["prod/db", "prod/shared"],
    repository: { description: "sftp shop@backup.example.org:/backup", device: undefined },
    databases: [{ name: "db", workload: "backup-db" }],
    files: "backup-files",
    passphrase: "backup_passphrase",
    ...changes,
  };
}

export function described(changes: Partial<Description> = {}): Description {
  return {
    purpose: "production",
    workloads: [database(), cache(), nodes(), front()],
    databases: [server()],
    externalDatabases: [],
    sharedFolders: [folders()],
    apps: [app()],
    edges: [edge()],
    balancers: [],
    backups: [backup()],
    ...changes,
  };
}
