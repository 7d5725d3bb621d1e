import { chmodSync, chownSync, mkdirSync, renameSync, statSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker, ok, run } from "./run.ts";
import { Site } from "./site.ts";
import { SmallDisk } from "./small-disk.ts";

const FOLDERS = ["sessions", "errors", "uploads", "cache"];
const site = new Site(
  `${PROJECT_PREFIX}-storage`,
  { http: 18131, https: 18531 },
  "test/e2e/stacks/storage.ts",
  "storage",
);
const disk = new SmallDisk(temporaryFolder());
const files = join(disk.folder, "files");

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

/** A release that fails before any node is replaced. @returns what was said, in one line */
async function refused(on?: object): Promise<string> {
  const before = await nodes();
  expect(before).toHaveLength(2);
  const { code, output } = await release(`never ${Math.random()}`, on);
  expect(code, output).not.toBe(0);
  expect(await nodes()).toEqual(before);
  expect(await anonymousVolumes()).toEqual([]);
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
  });
  afterAll(async () => {
    await site.remove();
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
      const said = await refused().finally(() => ok("umount", [files]));
      expect(said).toContain("it is read-only. Export it with rw");
    });

    test("when they belong to somebody else", async () => {
      const sessions = join(files, "hello/sessions");
      chownSync(sessions, 0, 0);
      chmodSync(sessions, 0o700);
      const said = await refused();
      chownSync(sessions, 8000, 8000);
      expect(said).toContain("user 8000 may not write there (Permission denied). Make 8000 its owner");
    });

    test("when they are gone", async () => {
      renameSync(files, `${files}-elsewhere`);
      const said = await refused();
      renameSync(`${files}-elsewhere`, files);
      expect(said).toContain("there is no such folder, dataset or export. Make it on the storage");
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
      expect(await refused({ nfsPort: 18132 })).toContain("127.0.0.1:18132 does not answer");
    });

    test("that is something else", async () => {
      server = createServer((socket) => socket.end("220 files ESMTP, at your service for ever\r\n")).listen(
        18132,
        "127.0.0.1",
      );
      expect(await refused({ nfsPort: 18132 })).toContain("the server speaks no NFS version 4");
    });
  });
});
