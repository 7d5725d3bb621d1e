import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { extent } from "./extent.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker, ok, run } from "./run.ts";
import { Site } from "./site.ts";
import { SmallDisk } from "./small-disk.ts";
import { ZfsPool } from "./zfs-pool.ts";

const FOLDERS = ["sessions", "errors", "uploads", "cache"];
const site = new Site(
  `${PROJECT_PREFIX}-storage`,
  { http: 18131, https: 18531 },
  "test/e2e/stacks/storage.ts",
  "storage",
);
const disk = new SmallDisk(temporaryFolder());
const files = join(disk.folder, "files");
const pool = new ZfsPool(site.project, temporaryFolder(), ["locks", "small"]);
/** Stands for what each of two nodes is called. */
const NAME = "<name>";

/** Deploys a release that differs by its greeting. */
const release = (greeting: string, on: object = {}) => site.deploy({ greeting, folder: files, ...on });
const nodes = async () => {
  const containers = await site.containers();
  return containers
    .filter(({ Config }) => Config.Labels["slipway.workload"] === "hello")
    .map(({ Id }) => Id)
    .sort();
};

const imageOf = async (node: string) =>
  docker("inspect", "--format", "{{.Image}}", await site.container(node));

/** What a release of this storage would try first, without the rest of it. @returns what it says */
async function trial(on: object = {}): Promise<string> {
  const { code, output } = await site.synth({ greeting: "never", folder: files, ...on });
  expect(code, output).toBe(0);
  const { resource } = JSON.parse(readFileSync(join(site.workingDirectory, "cdk.tf.json"), "utf8"));
  const { command } = resource.terraform_data["hello-folders"].provisioner[0]["local-exec"];
  const IMAGE = await imageOf("hello-1");
  // As Terraform does with what is no expression.
  const tried = await run("sh", ["-c", command.replaceAll("$${", "${")], { env: { IMAGE } });
  expect(tried.code, tried.output).toBe(1);
  expect(await anonymousVolumes()).toEqual([]);
  return tried.output;
}

const folderAt = (folder: string) =>
  `type=volume,dst=/data,volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=${folder}`;

/** A command in a container like a node, with the folder of a storage at `/data`. */
async function inNode(folder: string, [entrypoint = "", ...words]: readonly string[], user = "8000") {
  const options = ["--rm", "--user", user, "--network", "none", "--entrypoint", entrypoint];
  const mount = ["--mount", folderAt(folder)];
  return run("docker", ["run", ...options, ...mount, await imageOf("hello-1"), ...words], { limit: 600 });
}

const tried = (folder: string) =>
  inNode(folder, ["ready-folders", "try", "8000", "any", "/data", "/data"], "0");

/** A program that two nodes run at the same time. @returns what each said */
async function both(folder: string, script: string, ...words: readonly string[]): Promise<string[]> {
  const program = readFileSync(join(import.meta.dirname, `../vm/scripts/${script}.py`), "utf8");
  return Promise.all(
    ["alpha", "beta"].map(async (name) => {
      const named = words.map((word) => (word === NAME ? name : word));
      const { code, output } = await inNode(folder, ["python3", "-c", program, ...named]);
      expect(code, output).toBe(0);
      return output;
    }),
  );
}

/** A release that fails before any node is replaced. @returns what was said, in one line */
async function refused(on?: object): Promise<string> {
  const before = await nodes();
  expect(before).toHaveLength(2);
  const { code, output } = await release(`never ${Math.random()}`, on);
  expect(code, output).not.toBe(0);
  expect(await nodes()).toEqual(before);
  return output.replace(/\s*\n[│╷╵\s]*/g, " ");
}

/** What the trial of a storage left behind. */
const anonymousVolumes = async () =>
  (await docker("volume", "ls", "--quiet", "--filter", "dangling=true"))
    .split("\n")
    .filter((name) => /^[0-9a-f]{64}$/.test(name));

describe("shared folders on a disk of their own", () => {
  beforeAll(async () => {
    await disk.make(64);
    mkdirSync(files);
    const { code, output } = await release("first");
    expect(code, output).toBe(0);
    if (ZfsPool.isPossible) await pool.make();
    for (const place of [disk.folder, ...(ZfsPool.isPossible ? [pool.folder] : [])]) {
      for (const name of ["locks", "small"]) {
        mkdirSync(join(place, name), { recursive: true });
        chownSync(join(place, name), 8000, 8000);
      }
    }
  });
  afterAll(async () => {
    await site.remove();
    await pool.remove();
    await disk.remove();
  });

  test("are made for the nodes, and nobody else", () => {
    for (const folder of FOLDERS) {
      const { uid, gid, mode } = statSync(join(files, "hello", folder));
      expect({ folder, uid, gid, mode: mode & 0o7777 }).toEqual({
        folder,
        uid: 8000,
        gid: 8000,
        mode: 0o750,
      });
    }
  });

  test("are seen by all nodes", async () => {
    await site.exec("hello-1", "sh", "-c", "echo one > /srv/shared/sessions/note");
    expect(await site.exec("hello-2", "cat", "/srv/shared/sessions/note")).toBe("one");
  });

  test("change nothing in the second plan, and are no drift", async () => {
    expect(await site.pending()).toBe(0);
    const { code, output } = await site.verb("drift", ["storage", "--json"]);
    expect(code, output).toBe(0);
  });

  test("tell in status what is left of them, and that they are full", async () => {
    const status = async () => {
      const { code, output } = await site.verb("status", ["storage", "--json"]);
      return { code, ...JSON.parse(output) };
    };
    const before = await status();
    expect(before).toMatchObject({ code: 0, ok: true });
    const [space] = before.storage;
    expect(space).toMatchObject({
      storage: `local folder ${files}`,
      volumes: FOLDERS.map((folder) => `shared_hello_${folder}`),
      problem: null,
    });
    expect(space.size).toBeGreaterThan(40 * 2 ** 20);
    expect(space.size).toBeLessThan(64 * 2 ** 20);
    await disk.fill(0);
    const full = await status();
    disk.clear();
    expect(full).toMatchObject({ code: 1, ok: false, storage: [{ problem: "is full" }] });
  });

  describe("refuse a release while every node serves as it did", () => {
    test("when they are full", async () => {
      await disk.fill(0);
      const said = await refused();
      disk.clear();
      expect(said).toContain(`local folder ${files} cannot be used on the host local`);
      expect(said).toContain(
        "it is full (No space left on device). Free some space there, or raise its quota.",
      );
    });

    test("when they are read-only", async () => {
      // Nodes that have files open for writing would hold the disk, so it is the mount that becomes so.
      await ok("mount", ["--bind", files, files]);
      await ok("mount", ["-o", "remount,bind,ro", files]);
      const said = await trial().finally(() => ok("umount", [files]));
      expect(said).toContain("it is read-only. Export it with rw");
    });

    test("when they belong to somebody else", async () => {
      const sessions = join(files, "hello/sessions");
      chownSync(sessions, 0, 0);
      chmodSync(sessions, 0o700);
      const said = await trial();
      chownSync(sessions, 8000, 8000);
      expect(said).toContain("user 8000 may not write there (Permission denied). Make 8000 its owner");
    });

    test("when they are gone", async () => {
      renameSync(files, `${files}-elsewhere`);
      const said = await trial();
      renameSync(`${files}-elsewhere`, files);
      expect(said).toContain(
        "there is no such folder, dataset or export, or it is exported to others only. Make it on the storage",
      );
      expect(said).toContain("no such file or directory");
    });

    test("when two nodes would get one lock at a time", async () => {
      // A file that is opened for writing through the overlay becomes another one, whose locks nobody else sees: as with a
      // server that keeps none.
      const layers = ["upper", "work"].map((name) => join(disk.folder, name));
      for (const layer of layers) mkdirSync(layer);
      chownSync(layers[0] ?? "", 8000, 8000);
      const sessions = join(files, "hello/sessions");
      const options = `lowerdir=${sessions},upperdir=${layers[0]},workdir=${layers[1]}`;
      const { code, output } = await run("docker", [
        ..."run --rm --user 0:0 --network none --entrypoint ready-folders".split(" "),
        ...["--mount", `type=bind,src=${sessions},dst=/one`],
        "--mount",
        `type=volume,dst=/other,volume-driver=local,volume-opt=type=overlay,volume-opt=device=overlay,"volume-opt=o=${options}"`,
        ...[await imageOf("hello-1"), "try", "8000", "any", "/one", "/other"],
      ]);
      expect(code, output).toBe(1);
      expect(output).toContain("two nodes get the same lock at a time: the server keeps none.");
    });
  });

  test("take a release when the storage is mended, without a clean-up", async () => {
    const before = await nodes();
    const { code, output } = await release("second");
    expect(code, output).toBe(0);
    expect(await nodes()).not.toEqual(before);
    expect(await site.exec("hello-1", "printenv", "GREETING")).toBe("second");
    expect(await site.exec("hello-2", "cat", "/srv/shared/sessions/note")).toBe("one");
  });

  describe.each<[string, () => string, boolean]>([
    ["the disk of the engine", () => join(disk.folder, "locks"), true],
    ["a mirror of ZFS in user space", () => join(pool.folder, "locks"), ZfsPool.isPossible],
  ])("on %s", (_, folder, isPossible) => {
    test.skipIf(!isPossible)(
      "no increment of two nodes under a lock is lost",
      { timeout: 600_000 },
      async () => {
        const times = extent(10_000, 50_000);
        for (const how of ["flock", "fcntl"]) {
          await both(folder(), "counter", how, `/data/${how}`, `${times}`);
          expect(readFileSync(join(folder(), how), "utf8")).toBe(`${2 * times}`);
        }
      },
    );

    test.skipIf(!isPossible)("session files of two nodes are never torn", async () => {
      for (const seen of await both(folder(), "sessions", "/data", NAME, `${extent(2_000, 20_000)}`)) {
        const { whole, ...others } = Object.fromEntries(
          seen
            .trim()
            .split(" ")
            .map((one) => one.split("=")),
        );
        expect(Number(whole)).toBeGreaterThan(1_000);
        expect(Object.keys(others).filter((kind) => kind !== "ENOENT")).toEqual([]);
      }
    });
  });

  test.skipIf(!ZfsPool.isPossible)("a quota of ZFS is told as a storage that is full", async () => {
    await pool.command("zfs", "set", "quota=2M", "tank/small");
    const full = ["sh", "-c", "head -c 4M /dev/urandom > /data/upload || true"];
    await inNode(join(pool.folder, "small"), full);
    const { code, output } = await tried(join(pool.folder, "small"));
    expect(code, output).toBe(1);
    expect(output).toContain("it is full (Disk quota exceeded). Free some space there, or raise its quota.");
  });

  describe("on an NFS server", () => {
    let server: Server | undefined;
    afterEach(() => {
      server?.close();
      server = undefined;
    });

    test("that is not there", async () => {
      const said = await refused({ nfsPort: 18132 });
      expect(said).toContain("nfs 127.0.0.1:/tank cannot be used on the host local");
      expect(said).toContain("nothing listens on 127.0.0.1:18132. Start the server there.");
    });

    test("that stands still", async () => {
      server = createServer(() => undefined).listen(18132, "127.0.0.1");
      expect(await trial({ nfsPort: 18132 })).toContain("127.0.0.1:18132 does not answer");
    });

    test("that is something else", async () => {
      server = createServer((socket) => socket.end("220 files ESMTP, at your service for ever\r\n")).listen(
        18132,
        "127.0.0.1",
      );
      expect(await trial({ nfsPort: 18132 })).toContain("the server speaks no NFS version 4");
    });
  });
});
