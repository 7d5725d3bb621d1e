import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { written } from "../../../../modules/environment/description-file.ts";
import { LocalDisk } from "../../../../modules/storage/local-disk.ts";
import { Smb } from "../../../../modules/storage/smb.ts";
import type { Storage } from "../../../../modules/storage/storage.ts";
import { access } from "../../../../scripts/bootstrap/access.ts";
import { hostTasks, packagesOf } from "../../../../scripts/bootstrap/host-tasks.ts";
import { keysIn } from "../../../../scripts/bootstrap/operator-keys.ts";
import { unfit } from "../../../../scripts/bootstrap/preflight.ts";
import { storedIn } from "../../../../scripts/bootstrap/stored.ts";
import { checkScript, fileTask, type Task, undone } from "../../../../scripts/bootstrap/task.ts";
import { described, FILE_SERVER, folders, nodes, OWN_DISK } from "../../../support/description.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const sh = (script: string) => execFileSync("sh", ["-ec", script], { encoding: "utf8" });
const left = (tasks: readonly Task[]) => undone(tasks, sh(checkScript(tasks)));

const plan = {
  debian: 12,
  swarm: false,
  user: "deploy",
  keys: ["ssh-ed25519 AAAA me@here"],
  stored: {
    folders: ["/srv/data/it's"],
    packages: ["cifs-utils"],
    mounts: [
      {
        ...{
          point: "/srv/smb/files/shared-files",
          unit: "srv-smb-files-shared\\x2dfiles.mount",
          content: "[Unit]\n",
        },
        credentials: "/etc/slipway/smb/files_shared-files",
      },
    ],
    servers: [],
  },
};
const opened = { stack: "shop-prod", ssh: [22], edge: [80, 443], peers: ["192.0.2.2"], storage: true };
const all = [...hostTasks(plan), access(opened)];

test.each(all.map((task) => [task.title, task] as const))("%s: is shell", (_, { check, change }) => {
  for (const script of [check, change]) execFileSync("sh", ["-n", "-c", script]);
});

test("a file is written once, with its mode, and what was there is kept", () => {
  const path = join(temporaryFolder(), "conf.d", "own.conf");
  const content = "# Written by Slipway\nIt's $HOME `x`\n";
  const [task] = [fileTask("settings", { path, content, mode: "600" })];
  expect(left([task])).toEqual([task]);
  sh(`mkdir -p "$(dirname ${path})"; echo mine > ${path}`);
  expect(left([task])).toEqual([task]);
  sh(task.change);
  expect(readFileSync(path, "utf8")).toBe(content);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(left([task])).toEqual([]);
  expect(readFileSync(`${path}.before-slipway`, "utf8")).toBe("mine\n");
  writeFileSync(path, `${content}# edited\n`);
  expect(left([task])).toEqual([task]);
  sh(task.change);
  expect(readFileSync(`${path}.before-slipway`, "utf8")).toBe("mine\n");
  expect(existsSync(`${path}.slipway-new`)).toBe(false);
});

test("a file with a backslash in its name is written under that name", () => {
  const path = join(temporaryFolder(), "srv-shared\\x2dfiles.mount");
  const task = fileTask("unit", { path, content: "[Unit]\n" });
  sh(task.change);
  expect(readFileSync(path, "utf8")).toBe("[Unit]\n");
  expect(left([task])).toEqual([]);
});

test("a check of which any line fails is not done", () => {
  const task = (check: string): Task => ({ title: "", check, change: "" });
  const tasks = [task("true\ntrue"), task("false\ntrue"), task("true\nfalse"), task("exit 0")];
  expect(left(tasks)).toEqual([tasks[1], tasks[2]]);
});

test("the client of the engine is a package of its own from Debian 13 on", () => {
  expect(packagesOf(12)).not.toContain("docker-cli");
  expect(packagesOf(13)).toContain("docker-cli");
});

test("root deploys without an account", () => {
  const titles = hostTasks({ ...plan, user: "root" }).map(({ title }) => title);
  expect(titles.join()).not.toMatch(/the user|your key/);
});

test("the way back is armed before anything of the access is changed", () => {
  const { change } = access({ ...opened, edge: [], peers: [] });
  const armed = change.indexOf("systemd-run");
  for (const step of ["> '/etc/ssh", "> '/etc/slipway", "systemctl reload ssh\n", "reload-or-restart"]) {
    expect(change.lastIndexOf(step)).toBeGreaterThan(-1);
  }
  expect(armed).toBeGreaterThan(-1);
  expect(armed).toBeLessThan(change.indexOf("cat > '/etc/ssh"));
  expect(armed).toBeLessThan(change.indexOf("cat > '/etc/slipway"));
});

describe("a host is unfit", () => {
  const facts = {
    id: "debian",
    version: "12",
    name: "Debian GNU/Linux 12 (bookworm)",
    init: "systemd",
    port: "22",
    engine: '{"log-driver":"json-file","live-restore":true}',
  };
  const of = (changes: Partial<typeof facts>) =>
    unfit("web-1", (name) => ({ ...facts, ...changes })[name as keyof typeof facts] ?? "");

  test.each([
    [{ id: "ubuntu", version: "24.04", name: "Ubuntu 24.04" }, "Ubuntu 24.04"],
    [{ version: "11", name: "Debian GNU/Linux 11" }, "Debian 12 or newer"],
    [{ version: "" }, "Debian 12 or newer"],
    [{ init: "sh" }, "process 1 is sh"],
    [{ port: "" }, "does not tell its port"],
    [{ engine: '{"data-root":"/data","log-driver":"json-file"}' }, "daemon.json: data-root"],
    [{ engine: "{" }, "no JSON"],
  ])("%j", (changes, said) => {
    expect(of(changes)?.message).toContain(said);
  });

  test("unless it is a Debian with systemd", () => {
    expect(of({})).toBeUndefined();
    expect(of({ version: "13" })).toBeUndefined();
  });
});

test("keys are those of a text, each once; a private key is none", () => {
  expect(keysIn("x", "# c\nssh-ed25519 AAAA me\nssh-ed25519 AAAA me\n\nssh-rsa BBBB=\n")).toEqual([
    "ssh-ed25519 AAAA me",
    "ssh-rsa BBBB=",
  ]);
  expect(() => keysIn("id_ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n")).toThrow(/no public key/);
});

describe("what volumes need on a host", () => {
  const mounted = (storage: Storage) => {
    const volume = { name: "data", folder: "data", keep: true, storage };
    return { path: "site/shop", workload: nodes({ volumes: [{ volume, path: "/data" }] }).workload };
  };
  const stored = (storages: readonly Storage[], shared: readonly Storage[] = []) =>
    storedIn(
      written(
        described({
          workloads: storages.map(mounted),
          sharedFolders: shared.map((storage) => folders({ storage })),
        }),
        new Map(),
      ),
    );

  test("folders are those of volumes that are bound to one", () => {
    expect(stored([OWN_DISK, LocalDisk.volumes(), FILE_SERVER, OWN_DISK]).folders).toEqual([
      "/srv/postgres/data",
    ]);
    expect(stored([])).toEqual({ folders: [], packages: [], mounts: [], servers: [] });
  });

  test("what mounts a file server is installed", () => {
    expect(stored([], [FILE_SERVER]).packages).toEqual(["nfs-common"]);
    expect(stored([], [Smb.share("//files/shared")]).packages).toEqual(["cifs-utils"]);
  });

  test("a share is mounted, and no folder is made below its mount point, where it would be on the host's own disk", () => {
    const share = Smb.share("//files/shared");
    const { folders: made, mounts } = stored([share], [share]);
    expect(made).toEqual([]);
    expect(mounts).toMatchObject([{ point: "/srv/smb/files/shared", unit: "srv-smb-files-shared.mount" }]);
  });
});
