import { addressesOf } from "../hosts/host.ts";
import { shareDevice } from "../storage/storage.ts";
import type { Description } from "./description.ts";
import type { Rule, Violation } from "./rule.ts";

export const databaseApartFromSharedFolders: Rule = {
  id: "database-apart-from-shared-folders",
  statement: "The database does not live on the storage of the shared folders, nor on their server.",
  source: "recipe 12: one storage for both is the bottleneck that sharing was meant to remove",
  check: (environment) => [
    ...onTheSameDevice(environment),
    ...onTheFileServer(environment),
    ...elsewhereOnTheFileServer(environment),
  ],
};

const FIX =
  'Write storage: LocalDisk.folder("/srv/postgres") with a disk of its own, or move the shared folders.';

function onTheSameDevice({ purpose, databases, sharedFolders }: Description): readonly Violation[] {
  return databases.flatMap((database) =>
    sharedFolders
      .filter((folders) => shareDevice(database.storage, folders.storage))
      // A laptop has one disk, and nobody measures it.
      .filter((folders) => purpose === "production" || folders.storage.device !== ENGINE_VOLUMES)
      .map((folders) => ({
        path: database.path,
        got: `storage ${database.storage.description}, which ${folders.path} is on as well`,
        allowed: `a disk, pool or server other than that of ${folders.storage.description}`,
        fix: FIX,
      })),
  );
}

/** A disk of the machine that serves the files is that machine's, whatever it is called there. */
function onTheFileServer({ databases, sharedFolders, workloads, swarm, hosts = [] }: Description) {
  return databases
    .filter(({ storage }) => storage.reachable === "one host")
    .flatMap(({ path }): readonly Violation[] => {
      const role = workloads.find((one) => one.path === path)?.workload.role ?? "database";
      // What is on a disk runs on the first host that fits (modules/engine/swarm-placement.ts).
      const host = hosts.find(({ roles }) => swarm === undefined || roles.includes("db"));
      return sharedFolders.flatMap(({ path: folders, storage: { server, servedBy, description } }) => {
        // Of a server of the stack the disk itself is known, and compared above.
        if (servedBy !== undefined) return [];
        return host === undefined || server === undefined || !addressesOf(host).includes(server.host)
          ? []
          : [
              {
                path,
                got: `the ${role} on the host ${host.name}, which serves the files of ${folders}`,
                allowed: `a host other than that of ${description}`,
                fix: "Serve the files from a machine of their own, or leave the role db to another host.",
              },
            ];
      });
    });
}

function elsewhereOnTheFileServer({ externalDatabases, sharedFolders }: Description): readonly Violation[] {
  return externalDatabases.flatMap(({ path, host, port }) =>
    sharedFolders
      .filter(({ storage }) => storage.server?.host === host)
      .map((folders) => ({
        path,
        got: `${host}:${port}, which serves the files of ${folders.path} as well`,
        allowed: `a machine other than that of ${folders.storage.description}`,
        fix: "Move the database or the files to another machine.",
      })),
  );
}

/** `LocalDisk.volumes()`. */
const ENGINE_VOLUMES = "disk:/var/lib/docker/volumes";
