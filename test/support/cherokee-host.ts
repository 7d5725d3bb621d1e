import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { ExportedFile } from "../../modules/hosts/export/exported-file.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Programs that a host has and a test must not run; `$HOST` is the folder that stands for the host. */
const STAND_INS = {
  id: "echo 0",
  "dpkg-query": "echo 'ii '",
  chown: 'echo "chown $*" >> "$HOST/log"',
  chgrp: ":",
  service: "exit 1",
  sleep: ":",
  ss: ":",
  curl: 'echo "curl $*" >> "$HOST/log"',
  setpriv: 'while [ "${1#--}" != "$1" ]; do shift; done\nexec "$@"',
  // A virtual environment whose Python prepares a release as the test wants.
  python3: 'mkdir -p "$3/bin"; for name in python pip; do cp "$HOST/bin/prepare" "$3/bin/$name"; done',
  prepare: '[ "$1" != prepare.py ] || [ ! -e "$HOST/unprepared" ]',
  cherokee: `case "$1" in
  --test) [ ! -e "$HOST/refused" ] ;;
  --detach) "$0" --serve & echo $! > "$HOST/run/cherokee.pid"; echo started >> "$HOST/log" ;;
  --serve) trap 'rm "$HOST/run/cherokee.pid"; exit' TERM; trap 'echo reloaded >> "$HOST/log"' HUP; while :; do /bin/sleep 0.1; done ;;
esac`,
};

const PLACES = ["/srv/slipway", "/etc/cherokee", "/etc/hosts", "/run/cherokee.pid", "/var/log/cherokee"];

/** A folder that stands for a host with Cherokee, where `install.sh` runs as it is written but for the paths. */
export class CherokeeHost {
  readonly folder = temporaryFolder();

  constructor() {
    for (const [name, text] of Object.entries(STAND_INS)) {
      this.write(`bin/${name}`, `#!/bin/sh\n${text}\n`);
      chmodSync(this.path(`bin/${name}`), 0o755);
    }
    for (const file of ["chain.pem", "key.pem"]) this.write(`etc/cherokee/tls/${file}`, "");
    this.write("etc/hosts", "127.0.0.1 localhost\n");
    for (const folder of ["run", "srv"]) this.write(`${folder}/.keep`, "");
    onTestFinished(() => {
      const pid = this.cherokee;
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    });
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  has(path: string): boolean {
    return existsSync(this.path(path));
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), content);
  }

  remove(path: string): void {
    rmSync(this.path(path));
  }

  /** What the stand-ins have noted. */
  get log(): readonly string[] {
    return this.has("log") ? this.read("log").trimEnd().split("\n") : [];
  }

  /** The number of the stand-in for Cherokee that `install.sh` has started and that runs. */
  get cherokee(): number | undefined {
    return this.has("run/cherokee.pid") ? Number(this.read("run/cherokee.pid")) : undefined;
  }

  /** Runs `install.sh` of an export. */
  run(
    files: readonly ExportedFile[],
    ...words: readonly string[]
  ): { status: number | null; output: string } {
    for (const { path, content } of files) {
      const here = (text: string) =>
        PLACES.reduce((all, place) => all.replaceAll(place, `${this.folder}${place}`), text);
      this.write(`export/${path}`, typeof content === "string" ? here(content) : content);
    }
    const { status, stdout, stderr } = spawnSync("sh", [this.path("export/install.sh"), ...words], {
      env: { PATH: `${this.path("bin")}:/usr/bin:/bin`, HOST: this.folder },
      encoding: "utf8",
      timeout: 30_000,
    });
    return { status, output: stdout + stderr };
  }
}
