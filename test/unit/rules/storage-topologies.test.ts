import { App as Cdktf } from "cdktf";
import { describe, expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Sessions } from "../../../modules/app/sessions.ts";
import { Backup } from "../../../modules/backup/backup.ts";
import { Repository } from "../../../modules/backup/repository.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Swarm } from "../../../modules/engine/swarm.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { Host, type HostRole } from "../../../modules/hosts/host.ts";
import { ExternalPostgres } from "../../../modules/postgres/external-postgres.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import type { RuleId } from "../../../modules/rules/rule.ts";
import { RULES } from "../../../modules/rules/rules.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { Nfs } from "../../../modules/storage/nfs.ts";
import { Smb } from "../../../modules/storage/smb.ts";
import type { Storage } from "../../../modules/storage/storage.ts";
import { Zfs } from "../../../modules/storage/zfs.ts";
import { Secret } from "../../../modules/values/secret.ts";
import { hello } from "../../support/hello.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const host = (name: string, last: number, roles?: readonly HostRole[]) =>
  Host.of({
    name,
    address: `ssh://deploy@10.0.0.${last}`,
    hostKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"],
    ...(roles && { roles }),
  });
const FRONT = host("front", 10, ["manager", "edge", "db"]);
const WEB = [host("web-1", 11, ["web"]), host("web-2", 12, ["web"])];

const DISK = LocalDisk.folder("/srv/postgres", { redundancy: "raid1" });
const POOL = Zfs.dataset("tank/shared", { redundancy: "mirror" });
const SERVER = Nfs.v4("10.0.0.20", "/tank/shared", { on: POOL });

interface Topology {
  /** @default one host at 10.0.0.10 */
  readonly hosts?: readonly Host[];
  /** Of the database; `external` is a server at that address. @default a disk of its own */
  readonly database?: Storage | { readonly external: string };
  /** Of the shared folders. @default a mirror of ZFS, exported by a machine of its own */
  readonly shared?: Storage;
  readonly folders?: readonly string[];
  /** @default another machine */
  readonly backup?: Repository;
}

/** The rules of storage that a production of this topology breaks. */
function broken(topology: Topology): readonly RuleId[] {
  const { hosts = [host("one", 10)], database = DISK, shared: on = SERVER, folders, backup } = topology;
  const [first = host("one", 10)] = hosts;
  const environment = new Environment(new Cdktf({ outdir: temporaryFolder() }), "prod", {
    engine: hosts.length > 1 ? Swarm.of(hosts) : Docker.on(first),
    purpose: "production",
  });
  const db =
    "external" in database
      ? new ExternalPostgres(environment, "db", {
          host: database.external,
          database: "shop",
          role: "shop",
          password: Secret.generated("db_password"),
          connections: 100,
        })
      : new Postgres(environment, "db", { memory: "512 MiB", storage: database });
  const shared = new SharedFolders(environment, "shared", { on, ...(folders && { folders }) });
  const shop = new App(environment, "shop", { source: hello(), nodes: 2, sessions: Sessions.inCookies() });
  shop.uses(db);
  shop.uses(shared);
  new Backup(environment, "backup", {
    of: db instanceof Postgres ? [db, shared] : [shared],
    to: backup ?? Repository.on(LocalDisk.folder("/mnt/backup")),
  });
  const description = environment.describe();
  return RULES.filter(({ id, check }) => STORAGE.has(id) && check(description).length > 0).map(
    ({ id }) => id,
  );
}

const STORAGE: ReadonlySet<RuleId> = new Set([
  "backup-apart-from-data",
  "database-apart-from-shared-folders",
  "installation-not-shared",
  "nodes-reach-their-files",
  "shared-folders-lock",
  "storage-redundant",
]);

describe("a good topology breaks no rule of storage", () => {
  test.each<[string, Topology]>([
    ["one host with two disks", { shared: LocalDisk.folder("/srv/shared", { redundancy: "raid1" }) }],
    ["one host with a pool of ZFS", { shared: POOL }],
    ["several hosts and an NFS server", { hosts: [FRONT, ...WEB] }],
    [
      "several hosts and an SMB server for what is written once",
      {
        hosts: [FRONT, ...WEB],
        shared: Smb.share("//10.0.0.20/shared", { redundancy: "raid6" }),
        folders: ["errors", "uploads"],
      },
    ],
    ["a database of somebody else", { database: { external: "10.0.0.30" } }],
  ])("%s", (_, topology) => {
    expect(broken(topology)).toEqual([]);
  });
});

describe("a bad topology breaks the rule that is about it, and no other", () => {
  test.each<[string, Topology, RuleId]>([
    [
      "the database and the shared folders on one NFS server",
      { database: Nfs.v4("10.0.0.20", "/tank/postgres", { redundancy: "mirror" }) },
      "database-apart-from-shared-folders",
    ],
    [
      "both in one pool",
      { database: Zfs.dataset("tank/postgres", { redundancy: "mirror" }), shared: POOL },
      "database-apart-from-shared-folders",
    ],
    [
      "the database on a disk of the machine that serves the files",
      { hosts: [host("files", 20)] },
      "database-apart-from-shared-folders",
    ],
    [
      "the database of somebody else on that machine",
      { database: { external: "10.0.0.20" } },
      "database-apart-from-shared-folders",
    ],
    [
      "shared folders on the disk of one of two hosts",
      { hosts: [FRONT, ...WEB], shared: LocalDisk.folder("/srv/shared", { redundancy: "raid1" }) },
      "nodes-reach-their-files",
    ],
    [
      "shared folders in a pool of one of two hosts",
      { hosts: [FRONT, ...WEB], shared: POOL },
      "nodes-reach-their-files",
    ],
    [
      "sessions on a share",
      {
        shared: Smb.share("//10.0.0.20/shared", { redundancy: "raid6" }),
        folders: ["sessions"],
      },
      "shared-folders-lock",
    ],
    [
      "a cache on a share",
      { shared: Smb.share("//10.0.0.20/shared", { redundancy: "raid6" }), folders: ["cache"] },
      "shared-folders-lock",
    ],
    ["all applications shared", { folders: ["applications"] }, "installation-not-shared"],
    [
      "the code of an application shared",
      { folders: ["sessions", "models", "uploads"] },
      "installation-not-shared",
    ],
    [
      "an NFS server of whose disks nothing is known",
      { shared: Nfs.v4("10.0.0.20", "/tank/shared") },
      "storage-redundant",
    ],
    [
      "a pool of one disk",
      { shared: Zfs.dataset("tank/shared", { redundancy: "none" }) },
      "storage-redundant",
    ],
    ["the database on one disk", { database: LocalDisk.volumes() }, "storage-redundant"],
    [
      "backups on the server of the files",
      { backup: Repository.on(Nfs.v4("10.0.0.20", "/tank/backup")) },
      "backup-apart-from-data",
    ],
  ])("%s", (_, topology, rule) => {
    expect(broken(topology)).toEqual([rule]);
  });
});
