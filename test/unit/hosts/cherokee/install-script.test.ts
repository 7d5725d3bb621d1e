import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readlinkSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { CHEROKEE } from "../../../../modules/hosts/cherokee/cherokee.ts";
import { installScript } from "../../../../modules/hosts/cherokee/install-script.ts";
import type { ExportedFile } from "../../../../modules/hosts/export/exported-file.ts";
import { CherokeeHost } from "../../../support/cherokee-host.ts";
import { textOf } from "../../../support/exported-files.ts";
import { exported, guestbook } from "../../../support/exported-stack.ts";

const APP = "srv/slipway/shop/guestbook";
const CONF = "etc/cherokee/cherokee.conf";
let first: readonly ExportedFile[];
let name: string;

beforeAll(async () => {
  first = CHEROKEE.files(await exported(guestbook), []);
  name = /releases\/(\w+)/.exec(textOf(first, "guestbook/start.sh"))?.[1] ?? "";
}, 60_000);

/** The same as a release of another name. */
function release(other: string): readonly ExportedFile[] {
  return first.map((file) => ({
    ...file,
    content: typeof file.content === "string" ? file.content.replaceAll(name, other) : file.content,
  }));
}

/** A host that the first release is installed on. */
function installed(host = new CherokeeHost()): CherokeeHost {
  const { status, output } = host.run(first);
  expect({ status, output }).toMatchObject({ status: 0 });
  return host;
}

const served = (host: CherokeeHost) =>
  readlinkSync(host.path(`${APP}/current`))
    .split("/")
    .at(-1);

test("the applications get through all folders above those that they write to", () => {
  const host = installed();
  const root = `${host.path(APP)}/`;
  const theirs = host.log
    .map((line) => line.replace(/^chown (?:-h )?www-data:www-data /, ""))
    .flatMap((folder) => (folder.startsWith(root) ? [folder.slice(root.length)] : []));
  expect(theirs).toEqual([
    ...["run", "static", "state", "state/databases"],
    ...["shared", "shared/sessions", "shared/errors", "shared/uploads", "shared/cache"],
    ...["app", "app/apps", "app/apps/.service"],
  ]);
});

test.runIf(process.getuid?.() === 0)(
  "the account of the applications writes there at the first attempt",
  () => {
    const host = new CherokeeHost();
    for (const name of ["chown", "chgrp", "setpriv"]) host.remove(`bin/${name}`);
    const folders = ["shared/uploads", "state/databases", "app/apps/.service"].map((one) =>
      host.path(`${APP}/${one}`),
    );
    host.write(
      "bin/prepare",
      `#!/bin/sh\n[ "$1" != prepare.py ] || touch ${folders.map((one) => `${one}/new`).join(" ")}\n`,
    );
    chmodSync(host.folder, 0o755);
    expect(host.run(first)).toMatchObject({ status: 0 });
  },
);

describe("a release", () => {
  test("is not served when it cannot be prepared", () => {
    const host = installed();
    const conf = host.read(CONF);
    host.write("unprepared", "");
    const { status, output } = host.run(release("second"));
    expect(status).toBe(1);
    expect(output).toContain("guestbook is not ready");
    expect(served(host)).toBe(name);
    expect(host.read(`${APP}/current/start.sh`)).toContain(name);
    expect(host.read(CONF)).toBe(conf);
    expect(host.log).not.toContain("reloaded");
  });

  test("is not served when Cherokee refuses its configuration", () => {
    const host = installed();
    host.write("refused", "");
    expect(host.run(release("second")).output).toContain("Cherokee refuses this configuration");
    expect(served(host)).toBe(name);
  });

  test("takes the place of the one before, whose server ends", async () => {
    const host = installed();
    const server = spawn("/bin/sleep", ["60"]);
    const ended = once(server, "exit");
    host.write(`${APP}/run/uwsgi.pid`, `${server.pid}\n`);
    host.write("unprepared", "");
    host.run(release("second"));
    expect(() => process.kill(server.pid ?? 0, 0)).not.toThrow();
    host.remove("unprepared");
    expect(host.run(release("second")).status).toBe(0);
    expect(served(host)).toBe("second");
    expect(await ended).toEqual([null, "SIGTERM"]);
    expect(host.has(`${APP}/releases/${name}`)).toBe(true);
    host.run(release("third"));
    expect(host.has(`${APP}/releases/${name}`)).toBe(false);
    expect(host.has(`${APP}/releases/second`)).toBe(true);
  });

  test("finds what the one before has written", () => {
    const host = installed();
    host.write(`${APP}/shared/uploads/cat.png`, "meow");
    host.write(`${APP}/current/app/apps/.service/storage.db`, "tickets");
    host.run(release("second"));
    expect(host.read(`${APP}/shared/uploads/cat.png`)).toBe("meow");
    expect(host.read(`${APP}/releases/second/app/apps/.service/storage.db`)).toBe("tickets");
  });

  test("that is served already is left alone", () => {
    const host = installed();
    const { log } = host;
    const { status, output } = host.run(first);
    expect(status).toBe(0);
    expect(output).not.toContain("changed");
    expect(host.log.filter((line) => !line.startsWith("chown"))).toEqual(
      log.filter((line) => !line.startsWith("chown")),
    );
  });
});

describe("Cherokee", () => {
  const OTHERS = "vserver!1!nick = the site of somebody else\n";

  const reloaded = (host: CherokeeHost, times: number) =>
    vi.waitFor(() => expect(host.log.filter((line) => line === "reloaded")).toHaveLength(times), 10_000);

  test("is started where it does not run", () => {
    expect(installed().log).toContain("started");
  });

  test("reads the configuration anew where it runs, by the file of before with its number", async () => {
    const host = new CherokeeHost();
    const pidFile = host.path("elsewhere.pid");
    host.write(CONF, `server!pid_file = ${pidFile}\n${OTHERS}`);
    const cherokee = spawn(host.path("bin/cherokee"), ["--serve"], { env: { HOST: host.folder } });
    onTestFinished(() => void cherokee.kill("SIGKILL"));
    await setTimeout(200);
    host.write("elsewhere.pid", `${cherokee.pid}\n`);
    installed(host);
    await reloaded(host, 1);
    expect(host.log).not.toContain("started");
  });

  test("a copy of what was configured is kept and named, and comes back", async () => {
    const host = new CherokeeHost();
    host.write(CONF, OTHERS);
    expect(host.run(first).output).toContain(`${host.path(CONF)}.before-slipway, a copy of what was there`);
    expect(host.read(`${CONF}.before-slipway`)).toBe(OTHERS);
    const ours = host.read(CONF);
    host.run(release("second"));
    expect(host.read(`${CONF}.before-slipway`)).toBe(OTHERS);
    host.write(CONF, "written by the administration of Cherokee\n");
    host.run(release("second"));
    expect(host.read(`${CONF}.replaced`)).toBe("written by the administration of Cherokee\n");
    expect(host.read(CONF)).toBe(ours);
    // A signal that follows before this one is seen would be one with it.
    await reloaded(host, 1);
    expect(host.run(first, "--uninstall").status).toBe(0);
    expect(host.read(CONF)).toBe(OTHERS);
    await reloaded(host, 2);
  });

  test("that has ended is told of", () => {
    const host = new CherokeeHost();
    host.write("bin/cherokee", "#!/bin/sh\n");
    const { status, output } = host.run(first);
    expect(status).toBe(1);
    expect(output).toContain("Cherokee has ended");
  });
});

test("undoing leaves what the applications have written, and no code and no passwords", async () => {
  const host = installed();
  host.write(`${APP}/shared/uploads/cat.png`, "meow");
  host.run(first, "--uninstall");
  expect(host.has(`${APP}/shared/uploads/cat.png`)).toBe(true);
  expect(host.has(CONF)).toBe(false);
  expect(host.read("etc/hosts")).toBe("127.0.0.1 localhost\n");
  await vi.waitFor(() => expect(host.cherokee).toBeUndefined(), 10_000);
  for (const gone of ["current", "releases", "venvs"]) expect(host.has(`${APP}/${gone}`)).toBe(false);
});

test.each([
  [null, "127.0.0.1"],
  ["0.0.0.0", "127.0.0.1"],
  ["::", "[::1]"],
  ["192.0.2.10", "192.0.2.10"],
  ["2001:db8::10", "[2001:db8::10]"],
])("the site of the address %s is asked at %s", (address, asked) => {
  const host = new CherokeeHost();
  const content = installScript({
    stack: "shop",
    apps: [{ name: "hello", release: "first", writable: [] }],
    services: [],
    hostname: "shop.example.org",
    address,
    https: 443,
    healthPaths: ["/healthz"],
  });
  host.run([{ path: "install.sh", content }], "--verify");
  expect(host.log.join("\n")).toContain(
    `--resolve shop.example.org:443:${asked} https://shop.example.org:443/healthz`,
  );
});
