import { describe, expect, test } from "vitest";
import { App } from "../../../../modules/app/app.ts";
import { Docker } from "../../../../modules/engine/docker.ts";
import { Environment } from "../../../../modules/environment/environment.ts";
import { oneMachine } from "../../../../modules/hosts/export/machine.ts";
import { hbaFor } from "../../../../modules/hosts/linux/database-cluster.ts";
import { checkSpread } from "../../../../modules/hosts/linux/exportable.ts";
import { firewall } from "../../../../modules/hosts/linux/firewall.ts";
import { debianTarget } from "../../../../modules/hosts/linux/linux.ts";
import { listenArguments, poundAddresses, poundCommand } from "../../../../modules/hosts/linux/listening.ts";
import { mountOf } from "../../../../modules/hosts/linux/mount-unit.ts";
import { type Placed, placed } from "../../../../modules/hosts/linux/placement.ts";
import { SharedFolders } from "../../../../modules/shared-folders/shared-folders.ts";
import { LocalDisk } from "../../../../modules/storage/local-disk.ts";
import { exported } from "../../../support/exported.ts";
import { textOf } from "../../../support/exported-files.ts";
import { hello } from "../../../support/hello.ts";
import { writtenWorkload } from "../../../support/written-workload.ts";

const network = (name: string) => ({ name, internal: true });
const LOCAL = { name: "shared_shop_uploads", path: "/srv/shared/uploads", readOnly: false, keep: true };
const SHOP = writtenWorkload("shop", "app", {
  nodes: ["shop-1", "shop-2"],
  files: { "/etc/slipway/listeners": "0.0.0.0:8003\n" },
  networks: [network("shop"), network("db")],
  volumes: [{ ...LOCAL, storage: "the engine's own volumes", options: {} }],
});
const ALL = [
  SHOP,
  writtenWorkload("db", "database", { networks: [network("db")] }),
  writtenWorkload("cache", "cache", { networks: [network("cache")] }),
  writtenWorkload("pound", "balancer", { networks: [network("pound"), network("shop")] }),
];
const machine = (name: string, address: string, ...instances: string[]) => ({ name, address, instances });
const find = (all: readonly Placed[], instance: string) => {
  const one = all.find((each) => each.instance === instance);
  if (one === undefined) throw new Error(instance);
  return one;
};
const ONE = [machine("one", "127.0.0.1", "shop-1", "shop-2", "db", "cache", "pound")];
const TWO = [
  machine("data", "10.0.0.1", "db", "cache", "pound"),
  machine("node", "10.0.0.2", "shop-1", "shop-2"),
];

describe("what machines let in", () => {
  test("nothing is asked of a machine that has everything, whose ports are its own", () => {
    expect(firewall("dev", ONE[0] ?? machine("", ""), placed(ALL, ONE))).toBeUndefined();
  });

  test("each port is for the machines that use what listens there, and a cache that nobody uses for none", () => {
    const all = placed(ALL, TWO);
    const rules = firewall("dev-2", TWO[0] ?? machine("", ""), all);
    expect(rules).toContain("table inet slipway_dev_2 {");
    expect(rules).toContain("    tcp dport 5432 ip saddr { 10.0.0.2 } accept\n    tcp dport 5432 drop\n");
    expect(rules).toContain("    # cache\n    tcp dport 11211 drop\n");
    expect(firewall("dev-2", TWO[1] ?? machine("", ""), all)).toContain(
      "    tcp dport 8003 ip saddr { 10.0.0.1 } accept\n",
    );
  });

  test("a database has a line for each of those machines", () => {
    const line = 'hostssl  "shop"  "shop"  samenet  scram-sha-256';
    expect(hbaFor(`local all postgres peer\n${line}\n`, ["10.0.0.1", "10.0.0.2"])).toBe(
      `local all postgres peer\n${line.replace("samenet", "10.0.0.1/32")}\n${line.replace("samenet", "10.0.0.2/32")}\n`,
    );
  });
});

describe("where servers listen", () => {
  test("memcached is told its address, and its port where another has the usual one", () => {
    const two = [...ALL, writtenWorkload("second", "cache")];
    const all = placed(two, [{ ...ONE[0], instances: [...(ONE[0]?.instances ?? []), "second"] } as never]);
    expect(listenArguments(find(all, "cache"))).toEqual(["-l", "127.0.0.1"]);
    expect(listenArguments(find(all, "second"))).toEqual(["-l", "127.0.0.1", "-p", "11221"]);
  });

  test("Pound has the addresses of nodes, and asks nobody for names", () => {
    const all = placed(ALL, TWO);
    const text = `# Of the image: it forgets.
Resolver
  ConfigText
nameserver 127.0.0.1
  End
End

ListenHTTP "edges"
  Address 0.0.0.0
  Port 8080
    Backend
      Address "shop-2"
      Port 8003
      Priority 1
      # During a release the container before and the new one answer to the name.
      Resolve all
      Family inet
      OverrideTTL 1
      RetryInterval 1
    End
`;
    expect(poundAddresses(find(all, "pound"), all, text)).toBe(`ListenHTTP "edges"
  Address 10.0.0.1
  Port 8080
    Backend
      Address 10.0.0.2
      Port 8013
      Priority 1
    End
`);
    expect(poundCommand(find(all, "pound"), "exec names pound -f x")).toBe("exec pound -f x");
    expect(poundAddresses(find(all, "db"), all, text)).toBe(text);
  });
});

describe("folders of other storage", () => {
  test("a service starts with them, and never without", async () => {
    const stack = await exported("bind", (scope) => {
      const environment = new Environment(scope, "bind", { engine: Docker.local(), purpose: "development" });
      const shared = new SharedFolders(environment, "shared", { on: LocalDisk.folder("/srv/shop") });
      const app = new App(environment, "shop", { source: hello() });
      app.uses(shared);
    });
    const files = debianTarget.files(stack, oneMachine(["shop"]));
    const text = (path: string) => textOf(files, path);
    const mounts = ["sessions", "errors", "uploads", "cache"]
      .map((folder) => `var-lib-slipway-bind-volumes-shared_shop_${folder}.mount`)
      .join(" ");
    const unit = text("localhost/systemd/slipway-bind-shop.service");
    expect(unit).toContain(`Requires=${mounts}\n`);
    expect(unit).toMatch(new RegExp(`^After=.* ${mounts}$`, "m"));
    expect(unit).toContain(`WantedBy=multi-user.target ${mounts}\n`);
    expect(text("localhost/sysv/slipway-bind-shop")).toContain(
      "mountpoint -q /var/lib/slipway/bind/volumes/shared_shop_uploads || ",
    );
    // What is mounted is made first; a bind mount waits for no network, or local file systems would wait for it in a circle.
    expect(text("localhost/plan")).toContain("folder /srv/shop/shop/uploads slipway-app slipway-app 0750\n");
    expect(text("localhost/systemd/var-lib-slipway-bind-volumes-shared_shop_uploads.mount")).not.toContain(
      "network",
    );
  });

  const volume = { ...LOCAL, storage: "NFS", options: {} };

  test("NFS is mounted by a unit, or a line of fstab, with the server before its path", () => {
    const mount = mountOf(
      { ...volume, options: { type: "nfs", o: "addr=10.0.0.9,nfsvers=4.2,hard", device: ":/tank/shop" } },
      "/var/lib/slipway/dev/volumes/shared_shop_uploads",
    );
    expect(mount?.unit).toBe("var-lib-slipway-dev-volumes-shared_shop_uploads.mount");
    expect(mount?.content).toContain("What=10.0.0.9:/tank/shop\n");
    expect(mount?.content).toContain("Options=nfsvers=4.2,hard,_netdev\n");
    expect(mount?.line).toBe(
      "10.0.0.9:/tank/shop /var/lib/slipway/dev/volumes/shared_shop_uploads nfs nfsvers=4.2,hard,_netdev 0 0\n",
    );
  });

  test("a folder of the machine is not mounted, and not shared between machines", () => {
    expect(mountOf(volume, "/x")).toBeUndefined();
    expect(() => checkSpread(placed(ALL, TWO))).not.toThrow();
    const apart = [
      machine("a", "10.0.0.1", "db", "cache", "pound", "shop-1"),
      machine("b", "10.0.0.2", "shop-2"),
    ];
    expect(() => checkSpread(placed(ALL, apart))).toThrow(
      /machines that write to shared_shop_uploads of dev\/shop "a, b": allowed is one/,
    );
  });
});
