import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mount } from "../../modules/engine/ready-folders.ts";
import { storageScript } from "../../modules/hosts/storage/storage-script.ts";
import { optionText } from "../../modules/storage/mount-option.ts";
import { Nfs } from "../../modules/storage/nfs.ts";
import { Smb } from "../../modules/storage/smb.ts";
import { Zfs } from "../../modules/storage/zfs.ts";
import { Size } from "../../modules/values/size.ts";
import { alternate, ratioOf } from "../../scripts/bench/comparison.ts";
import { until } from "../e2e/run.ts";
import { folders } from "../support/description.ts";
import type { Mounted } from "./containers.ts";
import { DockerHost } from "./docker-host.ts";
import { StorageServer } from "./storage-server.ts";

const HOUR = 3600;
/** Increments by both nodes together. @default few, for emulation does about ten a second */
const INCREMENTS = Number(process.env.SLIPWAY_TEST_INCREMENTS ?? 1000);
const SESSIONS = INCREMENTS / 2;
const LIMIT = 600 + INCREMENTS;

describe("storage on another machine", { timeout: 4 * HOUR * 1000 }, () => {
  let server: StorageServer;
  let host: DockerHost;
  beforeAll(async () => {
    const [first, second] = [
      { port: 21131, to: 21132 },
      { port: 21132, to: 21131 },
    ];
    // In turn: together they would take longer than each is waited for.
    server = await StorageServer.start(21222, first);
    host = await DockerHost.start(21122, second);
  }, HOUR * 1000);
  afterAll(() => {
    host?.machine.stop();
    server?.machine.stop();
  });

  /**
   * Two nodes are two kernels: the server does not call back what one client cached, however often that client mounted
   * the folder, so that two mounts with `nosharecache` in one kernel lose increments though their locks exclude each other.
   */
  const nodes = () => [host.containers, server.containers];
  const nfs = (folder: string): Mounted => ({
    type: "nfs",
    o: `addr=${server.address},nfsvers=4.2,proto=tcp,hard,timeo=600,retrans=2,actimeo=0,nosuid,nodev,noexec`,
    device: `:/tank/shared/${folder}`,
  });
  const onBoth = async (volume: string, mounted: Mounted) => {
    for (const node of nodes()) await node.volume(volume, mounted);
  };
  /** The share as the host has it before any container starts. */
  const smb = async (folder: string): Promise<Mounted> => {
    const share = Smb.share(`//${server.address}/shared`);
    for (const { machine } of [host, server]) {
      await machine.write(share.credentials, `username=keeper\npassword=${server.password}\n`);
      await machine.run(
        `mkdir -p ${share.mountPoint}; mountpoint --quiet ${share.mountPoint} || mount -t cifs ${share.share} ${share.mountPoint} -o ${optionText(share.mountOptions)}`,
      );
    }
    return { type: "none", o: "bind", device: `${share.mountPoint}/${folder}` };
  };
  const number = async (path: string) =>
    Number(await server.machine.run(`cat /tank/shared/${path} 2>/dev/null || echo 0`));
  const count = (volume: string, how: string) =>
    Promise.all(
      nodes().map((node) => node.python(volume, "counter", [how, "/data/counter", INCREMENTS / 2], LIMIT)),
    );
  /** @param gone how the system tells that the other node removed the file meanwhile */
  const useSessions = async (volume: string, gone: readonly string[]) => {
    const seen = await Promise.all(
      nodes().map((node, index) => node.python(volume, "sessions", ["/data", index, SESSIONS], LIMIT)),
    );
    for (const text of seen) {
      const { whole, ...others } = Object.fromEntries(text.split(" ").map((pair) => pair.split("=")));
      expect(Number(whole)).toBeGreaterThan(SESSIONS / 2);
      expect(gone, text).toEqual(expect.arrayContaining(Object.keys(others)));
    }
  };

  describe("by NFS", () => {
    test.each(["fcntl", "flock"])("no increment under %s is lost when the server restarts", async (how) => {
      const folder = `nfs-${how}`;
      await server.folder(folder);
      await onBoth(folder, nfs(folder));
      const counting = count(folder, how);
      await until("a part is done", LIMIT, async () => (await number(`${folder}/counter`)) > INCREMENTS / 4);
      await server.machine.run("systemctl restart nfs-kernel-server");
      // Neither program was told, and neither ended.
      await counting;
      expect(await number(`${folder}/counter`)).toBe(INCREMENTS);
    });

    test("session files of two nodes are never torn", async () => {
      await server.folder("nfs-sessions");
      await onBoth("nfs-sessions", nfs("nfs-sessions"));
      await useSessions("nfs-sessions", ["ESTALE"]);
    });

    test("a folder that is not exported is told at the start of the container", async () => {
      await host.containers.volume("absent", nfs("absent"));
      await expect(host.containers.python("absent", "ask", ["/data/file"])).rejects.toThrow(
        /failed to mount local volume: mount :\/tank\/shared\/absent:.*: no such file or directory/,
      );
    });
  });

  describe("by SMB", () => {
    test.each(["fcntl", "flock"])("no increment under %s is lost", async (how) => {
      const folder = `smb-${how}`;
      await server.folder(folder);
      await onBoth(folder, await smb(folder));
      await count(folder, how);
      expect(await number(`${folder}/counter`)).toBe(INCREMENTS);
    });

    test("a lock that is held is lost when the server restarts, and its holder is not told", async () => {
      await server.folder("smb-held");
      await onBoth("smb-held", await smb("smb-held"));
      const [first, second] = [host.containers, server.containers];
      const ask = () => second.python("smb-held", "ask", ["/data/file"]);
      const holding = first.python("smb-held", "hold", ["/data/file", 180]);
      await until("it is held", 120, async () => (await ask()) === "taken");
      await server.machine.run("systemctl restart smbd");
      expect(await ask()).toBe("free");
      expect(await holding).toBe("held");
    });
  });

  describe("before a node is replaced, a deployment", () => {
    const storage = Nfs.v4("10.77.0.20", "/tank/shared");
    const make = (folder: string) =>
      host.containers.trial(["make", "8000", "/storage", folder], [mount(storage.root(), "/storage")]);
    const attempt = (folder: string) =>
      host.containers.trial(
        ["try", "8000", "nfs4", "/one", "/other"],
        [mount(storage.driverOptions(folder), "/one"), mount(storage.apart(folder), "/other")],
      );

    test("makes the folders, and finds the server good", async () => {
      expect(await make("trial/sessions")).toBe("good");
      expect(await server.machine.run("stat -c '%u %a' /tank/shared/trial/sessions")).toBe("8000 750");
      expect(await attempt("trial/sessions")).toBe("good");
      const options = "rw,all_squash,anonuid=8000,anongid=8000";
      await server.machine.run("install -d -o 8000 -g 8000 /tank/shared/squashed");
      await server.during(options, async () => {
        expect(await make("squashed/sessions")).toBe("good");
        expect(await attempt("squashed/sessions")).toBe("good");
      });
    });

    test("finds good what npm run storage has set up, and what was set up again under those who use it", async () => {
      const on = Zfs.dataset("tank/web2py", { redundancy: "mirror" });
      const shared = Nfs.v4("10.77.0.20", "/tank/web2py", { on });
      const quotas = new Map([["uploads", Size.of("64 MiB")]]);
      const script = storageScript({
        folders: folders({ storage: shared, quotas }),
        clients: ["10.77.0.10"],
      });
      const setUp = (text = "") => server.machine.run("sh", { input: text, limit: 1200 });
      await setUp(script);
      const mounts = [
        mount(shared.driverOptions("shop/sessions"), "/one"),
        mount(shared.apart("shop/sessions"), "/other"),
      ];
      const good = () => host.containers.trial(["try", "8000", "nfs4", "/one", "/other"], mounts);
      expect(await good()).toBe("good");
      const get = (property: string, dataset: string) =>
        server.machine.run(`zfs get -H -p -o value ${property} tank/web2py/${dataset}`);
      expect(await get("refquota", "shop/uploads")).toBe(`${64 * 2 ** 20}`);
      expect(await get("recordsize", "shop/sessions")).toBe("16384");
      expect(await server.machine.run("stat -c '%u %a' /tank/web2py/shop/cache")).toBe("8000 750");
      // Somebody works there while the script runs again.
      await server.machine.run(
        "systemd-run --quiet --unit=busy --working-directory=/tank/web2py/shop/uploads sleep 3600",
      );
      const before = await server.machine.run("grep tank/web2py /proc/self/mountinfo | cut -d' ' -f1 | sort");
      await setUp(script);
      expect(await server.machine.run("grep tank/web2py /proc/self/mountinfo | cut -d' ' -f1 | sort")).toBe(
        before,
      );
      expect(await good()).toBe("good");
      await server.machine.run("systemctl start slipway-snapshots-tank-web2py-prod-shared");
      expect(await server.machine.run("zfs list -H -t snapshot -o name")).toMatch(
        /^tank\/web2py\/shop\/uploads@autosnap_.*_hourly$/m,
      );
      // What is not ours is left alone.
      await server.machine.run("zfs create tank/others");
      const foreign = storageScript({
        folders: folders({ storage: Zfs.dataset("tank/others") }),
        clients: [],
      });
      await expect(setUp(foreign)).rejects.toThrow(
        /tank\/others is there already, .* was not made for shared folders/,
      );
    });

    test("says of an export that it is read-only", async () => {
      await server.folder("read-only");
      const said = await server.during("ro", () => attempt("read-only"));
      expect(said).toContain("it is read-only. Export it with rw");
    });

    test("says of a folder whose quota is used up that it is full", async () => {
      await server.machine.run(
        "zfs create -o quota=1M tank/shared/full && chown 8000:8000 /tank/shared/full",
      );
      expect(await attempt("full")).toContain("it is full (Disk quota exceeded)");
    });

    test("says of a folder of root on a server where nobody is root that it cannot be written", async () => {
      await server.machine.run("install -d -m 0755 /tank/shared/foreign && touch /tank/shared/foreign/file");
      const said = await server.during("rw,root_squash", () => attempt("foreign"));
      expect(said).toContain("user 8000 may not write there (Permission denied). Make 8000 its owner");
    });

    test("finds a server without locks, whose clients would all get one", async () => {
      await server.folder("lockless");
      const lockless = (options: string) => ({
        type: "nfs",
        o: `addr=10.77.0.20,nfsvers=3,nolock,proto=tcp,hard${options}`,
        device: ":/tank/shared/lockless",
      });
      const mounts = [mount(lockless(""), "/one"), mount(lockless(",nosharecache"), "/other")];
      const said = await host.containers.trial(["try", "8000", "nfs", "/one", "/other"], mounts);
      expect(said).toContain("two nodes get the same lock at a time: the server keeps none.");
    });

    test("says of a server whose packets are lost that it does not answer, within seconds", async () => {
      const reach = () => host.containers.trial(["reach", "nfs", "10.77.0.20", "2049"]);
      expect(await reach()).toBe("good");
      const rule = "INPUT -p tcp --dport 2049 -j DROP";
      await server.machine.run(`iptables -I ${rule}`);
      const said = await reach().finally(() => server.machine.run(`iptables -D ${rule}`));
      expect(said).toContain("10.77.0.20:2049 does not answer");
    });
  });

  test("a dataset of ZFS is a volume of the machine that has the pool", async () => {
    await server.containers.volume("dataset", {
      type: "zfs",
      o: "noexec,nodev,nosuid",
      device: "tank/engine",
    });
    await server.containers.own("dataset");
    await server.containers.python("dataset", "counter", ["fcntl", "/data/counter", 10]);
    await server.machine.run("mkdir -p /mnt/look && mount -t zfs tank/engine /mnt/look");
    expect(await server.machine.run("cat /mnt/look/counter")).toBe("10");
  });

  /** Printed, and nothing is asserted of seconds: emulation has its own. */
  test("what an application does to its folders is measured on each kind against the disk of the machine", async () => {
    await server.folder("load-nfs");
    await server.folder("load-smb");
    await host.containers.volume("load-nfs", nfs("load-nfs"));
    await host.containers.volume("load-smb", await smb("load-smb"));
    await server.machine.run("zfs create -o mountpoint=legacy tank/load");
    await server.containers.volume("load-zfs", { type: "zfs", o: "noatime", device: "tank/load" });
    const kinds = [
      { kind: "nfs", node: host.containers },
      { kind: "smb", node: host.containers },
      { kind: "zfs", node: server.containers },
    ];
    for (const { kind, node } of kinds) {
      for (const volume of [`load-${kind}`, "load-disk"]) await node.own(volume);
      const seconds = async (volume: string) =>
        JSON.parse(await node.python(volume, "load", ["/data"], LIMIT));
      const rounds = await alternate(
        3,
        () => seconds(`load-${kind}`),
        () => seconds("load-disk"),
      );
      for (const what of ["write", "read", "create", "lock"]) {
        const each = rounds.map(({ ours, theirs }) => ({ ours: ours[what], theirs: theirs[what] }));
        expect(each.every(({ ours, theirs }) => ours > 0 && theirs > 0)).toBe(true);
        const { median, lowest, highest } = ratioOf(each);
        const shown = [median, lowest, highest].map((ratio) => ratio.toFixed(2));
        console.log(`${kind}: ${what} ${shown[0]} times the disk, ${shown[1]} to ${shown[2]}`);
      }
    }
  });
});
