import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import type { Engine } from "../../../modules/engine/engine.ts";
import { Swarm } from "../../../modules/engine/swarm.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { targetOf } from "../../../modules/environment/target.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { Nfs } from "../../../modules/storage/nfs.ts";
import { Smb } from "../../../modules/storage/smb.ts";
import type { Storage } from "../../../modules/storage/storage.ts";
import { Zfs } from "../../../modules/storage/zfs.ts";
import { hello } from "../../support/hello.ts";
import { synthesize } from "../../support/synthesis.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** One for all, as the marks of secrets are its own. */
const directory = temporaryFolder();

const host = (name: string, last: number, roles: readonly string[]) => ({
  name,
  address: `ssh://root@192.0.2.${last}`,
  hostKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"],
  roles,
});

function written(
  on: Storage,
  memory: "256 MiB" | "512 MiB" = "256 MiB",
  hosts: readonly object[] = [],
  folders = ["sessions", "uploads"],
) {
  const { terraform } = synthesize(
    (app) => {
      const target = targetOf(app, "site");
      const engine: Engine = hosts.length > 0 ? Swarm.of(target.hosts) : Docker.local();
      const stack = new Environment(app, "site", { engine, purpose: "development" });
      const shop = new App(stack, "shop", { source: hello(), nodes: 2, memory });
      shop.uses(new SharedFolders(stack, "shared", { on, folders }));
    },
    { directory, ...(hosts.length > 0 && { site: { hosts } }) },
  );
  return JSON.parse(JSON.stringify(terraform("site"))).resource;
}

const folders = (resource: ReturnType<typeof written>) => resource.terraform_data["shop-folders"];
const command = (resource: ReturnType<typeof written>): string =>
  folders(resource).provisioner[0]["local-exec"].command;
/** What is done with the image, one line each. */
const trials = (resource: ReturnType<typeof written>): string[] =>
  command(resource)
    .split("\n")
    .filter((line) => line.startsWith("said="))
    .map((line) => /"\$IMAGE" (.*)\) \|\|/.exec(line)?.[1] ?? line);

test("what is on the engine's own disk is made by the engine", () => {
  expect(written(LocalDisk.volumes()).terraform_data).not.toHaveProperty("shop-folders");
});

describe("folders of an NFS server", () => {
  const resource = written(Nfs.v4("10.0.0.20", "/tank"));

  test("are reached, made and tried, in this order", () => {
    expect(trials(resource)).toEqual([
      "reach nfs '10.0.0.20' 2049",
      "make 8000 nfs4 /storage 'shop/sessions' 'shop/uploads'",
      "try 8000 nfs4 '/srv/shared/sessions' '/srv/shared/sessions-apart' '/srv/shared/uploads' '/srv/shared/uploads-apart'",
    ]);
    expect(() => execFileSync("sh", ["-n", "-c", command(resource)])).not.toThrow();
  });

  test("are tried through two mounts that have nothing in common, or the kernel would keep the locks itself", () => {
    expect(command(resource)).toContain(
      'dst=/srv/shared/sessions-apart,volume-driver=local,volume-nocopy,volume-opt=type=nfs,"volume-opt=o=addr=10.0.0.20,nfsvers=4.2,proto=tcp,hard,timeo=600,retrans=2,actimeo=0,nosuid,nodev,noexec,nosharecache",volume-opt=device=:/tank/shop/sessions',
    );
  });

  test("are tried before any node is replaced, and whenever one is", () => {
    for (const node of ["shop-1", "shop-2"]) {
      expect(resource.docker_container[node].depends_on).toContain("terraform_data.shop-folders");
    }
    const release = (one: ReturnType<typeof written>) => folders(one).triggers_replace.release;
    expect(release(written(Nfs.v4("10.0.0.20", "/tank")))).toBe(release(resource));
    expect(release(written(Nfs.v4("10.0.0.20", "/tank"), "512 MiB"))).not.toBe(release(resource));
    expect(release(resource)).toContain('lookup(local.generations, "shop-2", [])');
  });
});

test("a dataset of ZFS is only tried: who administers the pool makes it", () => {
  expect(trials(written(Zfs.dataset("tank/shared")))).toEqual([
    "try 8000 zfs '/srv/shared/sessions' '/srv/shared/sessions' '/srv/shared/uploads' '/srv/shared/uploads'",
  ]);
});

test("a share has to be mounted before anything is made: an empty mount point would be a folder of the host", () => {
  expect(
    trials(written(Smb.share("//10.0.0.20/shared"), "256 MiB", [], ["uploads"])).map((line) =>
      line.split(" ").slice(0, 4).join(" "),
    ),
  ).toEqual([
    "reach smb '10.0.0.20' 445",
    "make 8000 cifs /storage",
    "write 8000 cifs '/srv/shared/uploads'",
  ]);
});

describe("on a Swarm", () => {
  const hosts = [
    host("data", 11, ["manager", "db", "edge"]),
    host("web-1", 12, ["web"]),
    host("web-2", 13, ["web"]),
  ];
  const resource = written(Nfs.v4("10.0.0.20", "/tank"), "256 MiB", hosts);

  test("each host that may run a node tries them", () => {
    expect(folders(resource).triggers_replace.hosts).toEqual(["web-1", "web-2"]);
    expect(trials(resource)).toHaveLength(6);
    expect(command(resource)).toMatch(/refuse 'nfs 10\.0\.0\.20:\/tank' 'web-2' "\$said"/);
    expect(() => execFileSync("sh", ["-n", "-c", command(resource)])).not.toThrow();
  });

  test("after it has the image, and before the services change", () => {
    expect(folders(resource).depends_on).toContain("terraform_data.shop-image");
    expect(resource.docker_service["shop-1"].depends_on).toContain("terraform_data.shop-folders");
  });
});

test("a volume that may be made again has another name on another storage: an engine would take it as it is", () => {
  const named = (on: Storage) => written(on).docker_volume.shared_shop_uploads.name;
  const names = [LocalDisk.volumes(), LocalDisk.folder("/srv/one"), LocalDisk.folder("/srv/other")].map(
    named,
  );
  expect(names[0]).toMatch(/-site-shared_shop_uploads$/);
  expect(new Set(names).size).toBe(3);
  expect(named(LocalDisk.folder("/srv/one"))).toBe(names[1]);
  // And so have its containers: the successor runs beside its predecessor.
  const called = (on: Storage) => written(on).docker_container["shop-1"].name;
  expect(called(LocalDisk.folder("/srv/one"))).not.toBe(called(LocalDisk.folder("/srv/other")));
});
