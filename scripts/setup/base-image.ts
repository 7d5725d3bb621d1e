import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackages, installsPackages } from "./debian.ts";
import { dockerCommand, type Engine, findEngine } from "./engine.ts";
import { lastLines, type Machine, type Outcome, type RunOptions } from "./machine.ts";
import { Problem } from "./problem.ts";
import { type Missing, missing, type Report, type Requirement } from "./requirement.ts";

/** The image that all images of Slipway are built from. */
export const BASE_IMAGE = "debian:trixie-slim";

/** A registry that can't be reached must not hold up the set-up: it must name the image within so many seconds. */
const SECONDS_FOR_REGISTRY = 8;
const SECONDS_FOR_PULL = 600;
const SECONDS_FOR_BOOTSTRAP = 600;
const SCRATCH = "slipway-base-image-";

/** Release of trixie, 2025-08-09: files made by the bootstrap carry no later time, so that equal contents are equal bytes. */
const SOURCE_DATE_EPOCH = "1754697600";

/** The base image in the engine: there already, else pulled, else made from Debian packages. */
export function baseImage(machine: Machine, image = BASE_IMAGE): Requirement {
  const requirement: Requirement = {
    name: "Base image",
    async check() {
      const mmdebstrap = await machine.find("mmdebstrap");
      const absent = {
        ok: false,
        wanted: `the image ${image} in the engine`,
        remedy: `npm run setup does it: docker pull ${image}, or where no registry answers, mmdebstrap and docker import`,
        changes:
          mmdebstrap === undefined && (await installsPackages(machine))
            ? [`install mmdebstrap from the Debian packages, if ${image} can't be pulled`]
            : [],
      } satisfies Omit<Missing, "found">;
      const engine = await findEngine(machine);
      if (!("version" in engine)) return { ...absent, found: "no engine answers that could have it" };
      const format = "{{.Id}} {{.Size}} {{.Architecture}}";
      const outcome = await docker(machine, ["image", "inspect", image, "--format", format]);
      if (outcome.code !== 0) return { ...absent, found: `${image} is not in the engine` };
      const [id = "", size = "0", arch = ""] = outcome.stdout.trim().split(" ");
      return {
        ok: true,
        found: `${image}, ${id.replace("sha256:", "").slice(0, 12)}, ${arch}, ${Math.round(Number(size) / 1e6)} MB`,
      };
    },
    async install(report, signal) {
      const refused = await pull(machine, image, report, signal);
      if (refused === undefined) return;
      if (isDiskFull(refused)) throw diskFull(image, refused);
      report(`no registry gives it (${refused}); making it from Debian packages`);
      const engine = await findEngine(machine);
      if (!("version" in engine)) {
        const finding = await requirement.check();
        if (!finding.ok) throw missing(requirement, finding);
        return;
      }
      await bootstrap(machine, image, engine, refused, report, signal);
    },
  };
  return requirement;
}

/** Removes what a bootstrap that was killed has left in the folder for temporary files. */
export async function removeScratch(folder = tmpdir()): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(SCRATCH)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Whether a command failed because a disk is full. */
export function isDiskFull(stderr: string): boolean {
  return /no space left on device|disk quota exceeded/i.test(stderr);
}

/** The line that tells where there was no space left. */
function fullLine(stderr: string): string {
  return stderr.split("\n").find(isDiskFull)?.trim() ?? "";
}

/** The command that makes a root of the suite of `image` as a tar file; small as Debian's own slim images are. */
export function bootstrapCommand(
  image: string,
  arch: string,
  tar: string,
  proxies: readonly string[],
): readonly string[] {
  const suite = /:([a-z]+)/.exec(image)?.[1] ?? "trixie";
  const excluded = ["doc", "groff", "info", "linda", "lintian", "locale", "man"];
  return [
    "mmdebstrap",
    "--variant=minbase",
    `--architectures=${arch}`,
    ...excluded.map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
    "--dpkgopt=path-include=/usr/share/locale/locale.alias",
    // Its own policy-rc.d, which it would remove at the end together with ours.
    "--skip=chroot/policy-rc.d",
    // Services must not start while packages are installed in a build; lists and archives must not stay in layers.
    `--customize-hook=printf '#!/bin/sh\\nexit 101\\n' > "$1/usr/sbin/policy-rc.d" && chmod 755 "$1/usr/sbin/policy-rc.d"`,
    `--customize-hook=printf 'Acquire::Languages "none";\\nAcquire::GzipIndexes "true";\\nBinary::apt::APT::Keep-Downloaded-Packages "false";\\n' > "$1/etc/apt/apt.conf.d/90slim"`,
    `--customize-hook=printf 'force-unsafe-io\\n' > "$1/etc/dpkg/dpkg.cfg.d/90slim"`,
    // Of the machine that made it, not of the image; the engine provides its own.
    '--customize-hook=rm -f "$1/etc/hostname" "$1/etc/resolv.conf"',
    ...proxies.map((proxy) => `--aptopt=${proxy}`),
    suite,
    tar,
  ];
}

function docker(machine: Machine, words: readonly string[], options?: RunOptions): Promise<Outcome> {
  return machine.run(dockerCommand(machine, words), options);
}

/** @returns why it could not be pulled, or undefined when it was */
async function pull(
  machine: Machine,
  image: string,
  report: Report,
  signal: AbortSignal,
): Promise<string | undefined> {
  report(`pulling ${image}`);
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SECONDS_FOR_REGISTRY * 1000);
  try {
    const outcome = await docker(machine, ["pull", image], {
      seconds: SECONDS_FOR_PULL,
      signal: AbortSignal.any([signal, silence.signal]),
      onLine: (line) => {
        // Printed once the registry has named the image: from here on it is only a matter of bandwidth.
        if (line.includes("Pulling from")) clearTimeout(timer);
        report(line);
      },
    });
    signal.throwIfAborted();
    if (outcome.code === 0) return undefined;
    if (silence.signal.aborted) return `no answer within ${SECONDS_FOR_REGISTRY} s`;
    return lastLines(outcome.stderr || "it took too long", 1).replace("Error response from daemon: ", "");
  } finally {
    clearTimeout(timer);
  }
}

async function bootstrap(
  machine: Machine,
  image: string,
  engine: Engine,
  refused: string,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const carry = `on a machine with access: docker pull ${image} && docker save ${image} -o image.tar; here: docker load -i image.tar`;
  const unable = (value: string) =>
    new Problem({
      what: `The base image ${image} could neither be pulled nor made.`,
      value: `pull: ${refused}\nmake: ${value}`,
      fix: `see that the engine reaches its registry, then run npm run setup again; or ${carry}`,
    });
  if (engine.arch !== dockerArch(machine.arch)) {
    throw unable(`the engine is ${engine.arch} and this machine ${dockerArch(machine.arch)}`);
  }
  if ((await machine.find("mmdebstrap")) === undefined) {
    if (!(await installsPackages(machine)))
      throw unable("mmdebstrap is missing and only installed on Debian as root");
    report("installing mmdebstrap");
    await installPackages(machine, ["mmdebstrap"], report, signal);
  }
  await removeScratch();
  const scratch = await mkdtemp(join(tmpdir(), SCRATCH));
  try {
    // Into a file first: an import from a pipe would take the half of an image for a whole one.
    const tar = join(scratch, "root.tar");
    report("running mmdebstrap");
    const proxies = parseProxies((await machine.run(["apt-config", "dump", "--no-empty"])).stdout);
    const made = await machine.run(bootstrapCommand(image, engine.arch, tar, proxies), {
      seconds: SECONDS_FOR_BOOTSTRAP,
      env: { SOURCE_DATE_EPOCH, TMPDIR: scratch, LC_ALL: "C" },
      signal,
      onLine: (line) => {
        if (line.startsWith("I: ")) report(line.slice(3));
      },
    });
    signal.throwIfAborted();
    if (isDiskFull(made.stderr)) throw diskFull(image, fullLine(made.stderr), tmpdir());
    if (made.code !== 0) throw unable(`mmdebstrap: ${lastLines(made.stderr, 5)}`);
    report("importing it into the engine");
    const imported = await docker(machine, ["import", "--change", 'CMD ["bash"]', tar, image], {
      // An engine elsewhere gets it over the network.
      seconds: SECONDS_FOR_PULL,
      signal,
    });
    if (isDiskFull(imported.stderr)) throw diskFull(image, fullLine(imported.stderr));
    if (imported.code !== 0) throw unable(`docker import: ${lastLines(imported.stderr, 3)}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The proxies that apt is told to use on this machine, which mmdebstrap's own apt would not know. */
export function parseProxies(aptConfig: string): readonly string[] {
  return aptConfig.split("\n").filter((line) => /^Acquire::https?::Proxy/i.test(line));
}

function dockerArch(arch: string): string {
  return arch === "x64" ? "amd64" : arch;
}

function diskFull(image: string, value: string, folder?: string): Problem {
  return new Problem({
    what: `The disk is full: the base image ${image} could not be ${folder === undefined ? "stored" : "made"}.`,
    value,
    fix: `free some space ${folder === undefined ? "where the engine keeps its data (docker system df shows what it holds)" : `in ${folder}, or name another folder with TMPDIR`}, then run npm run setup again`,
  });
}
