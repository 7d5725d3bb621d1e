import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { EnvHttpProxyAgent, request } from "undici";
import { isDiskFull } from "./base-image.ts";
import { lastLines, type Machine } from "./machine.ts";
import { Problem } from "./problem.ts";
import { PROJECT } from "./project.ts";
import type { Missing, Report, Requirement } from "./requirement.ts";
import { findTerraform, lookUpTerraform, type Terraform } from "./terraform.ts";
import { atLeast, parseVersion } from "./version.ts";

/** The provider that stacks deploy with. */
export const PROVIDER = {
  source: "kreuzwerker/docker",
  /** What stacks ask for. */
  constraint: "~> 4.6",
  /** What is built here when the registry is out of reach. */
  version: "4.6.0",
} as const;

const MODULE = join(PROJECT, "scripts/setup/provider");
const SECONDS_FOR_BUILD = 1500;
const SECONDS_FOR_REGISTRY = 3;
/** The first Go that fetches the toolchain which a go.mod asks for. */
const GO_WITH_TOOLCHAINS = [1, 21, 0] as const;

/** The Docker provider: in Terraform's implied mirror, else from its registry, else built from the committed Go module. */
export function provider(machine: Machine, answers = registryAnswers): Requirement {
  return {
    name: "Docker provider",
    async check() {
      const program = await lookUpTerraform(machine);
      if (!("command" in program))
        return { ...program, found: "unknown, as there is no Terraform to ask for it" };
      const path = mirrorPath(machine, program.registry);
      const file = await stat(path).catch(() => undefined);
      if (file?.isFile() && file.size > 0) return { ok: true, found: `${PROVIDER.version} at ${path}` };
      if (await answers(program.registry)) {
        return { ok: true, found: `${PROVIDER.constraint} from ${program.registry} when it is needed` };
      }
      return {
        ok: false,
        found: `${program.registry} does not answer, and nothing is at ${path}`,
        wanted: `${PROVIDER.source} ${PROVIDER.constraint}`,
        remedy: (await goProblem(machine))?.fix ?? "npm run setup does it: it builds the provider with Go",
      } satisfies Missing;
    },
    async install(report, signal) {
      const program = await findTerraform(machine);
      await build(machine, mirrorPath(machine, program.registry), report, signal);
    },
  };
}

/** Where Terraform and OpenTofu look for the provider before they ask a registry. */
export function mirrorPath(
  machine: Pick<Machine, "home" | "platform" | "arch">,
  registry: Terraform["registry"],
): string {
  const { os, arch } = goTarget(machine);
  const suffix = os === "windows" ? ".exe" : "";
  return join(
    machine.home,
    ".terraform.d/plugins",
    registry,
    PROVIDER.source,
    PROVIDER.version,
    `${os}_${arch}`,
    `terraform-provider-docker_v${PROVIDER.version}${suffix}`,
  );
}

/** This machine in the words of Go, which are Terraform's too. */
export function goTarget(machine: Pick<Machine, "platform" | "arch">): { os: string; arch: string } {
  const os = machine.platform === "win32" ? "windows" : machine.platform;
  const arch = { x64: "amd64", ia32: "386" }[machine.arch] ?? machine.arch;
  return { os, arch };
}

/**
 * The hash that a lock file has of an unpacked provider: Go's `dirhash.Hash1` of its folder, here of one file.
 *
 * @returns such as `h1:2jmj7l5rSw0yVb/vlWAYkK/YBwk=`
 */
export async function lockHash(path: string): Promise<string> {
  const file = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), file);
  const summary = `${file.digest("hex")}  ${basename(path)}\n`;
  return `h1:${createHash("sha256").update(summary).digest("base64")}`;
}

/** Whether a registry of providers answers within three seconds. */
export async function registryAnswers(registry: string): Promise<boolean> {
  const dispatcher = new EnvHttpProxyAgent({ connectTimeout: SECONDS_FOR_REGISTRY * 1000 });
  try {
    const { statusCode } = await request(`https://${registry}/.well-known/terraform.json`, {
      method: "HEAD",
      dispatcher,
      signal: AbortSignal.timeout(SECONDS_FOR_REGISTRY * 1000),
    });
    return statusCode < 400;
  } catch {
    return false;
  } finally {
    await dispatcher.destroy();
  }
}

/** Go's own words on itself: `go env GOVERSION GOTOOLCHAIN`. */
export function judgeGo(goEnv: string, needed: string): string | undefined {
  const [version = "", toolchain = ""] = goEnv.trim().split("\n");
  const actual = parseVersion(version);
  const minimum = parseVersion(needed);
  if (actual === undefined || minimum === undefined) return "go does not tell its version";
  if (atLeast(actual, minimum)) return undefined;
  if (toolchain.trim() !== "local" && atLeast(actual, GO_WITH_TOOLCHAINS)) return undefined;
  return version;
}

/** The version of Go that a go.mod asks for. */
export function goOf(goMod: string): string {
  return /^go (\S+)$/m.exec(goMod)?.[1] ?? "1.25";
}

async function goProblem(machine: Machine): Promise<Problem | undefined> {
  const needed = goOf((await machine.read(join(MODULE, "go.mod"))) ?? "");
  const path = await machine.find("go");
  const outcome =
    path === undefined
      ? undefined
      : await machine.run([path, "env", "GOVERSION", "GOTOOLCHAIN"], { cwd: "/" });
  const misfit = outcome === undefined ? "no go on the path" : judgeGo(outcome.stdout, needed);
  if (misfit === undefined) return undefined;
  return new Problem({
    what: "The Docker provider must be built here, as Terraform's registry does not answer, and Go is not ready for it.",
    value: misfit,
    allowed: `Go >= ${needed}, or >= 1.21 that may fetch it (GOTOOLCHAIN=auto)`,
    fix: `install Go ${needed} or later (https://go.dev/doc/install) and see that it is on the PATH, or give this machine access to Terraform's registry`,
  });
}

async function build(machine: Machine, path: string, report: Report, signal: AbortSignal): Promise<void> {
  const problem = await goProblem(machine);
  if (problem !== undefined) throw problem;
  const folder = dirname(path);
  const unfinished = `.${basename(path)}.building`;
  const { os, arch } = goTarget(machine);
  const draft = join(folder, `${unfinished}-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      if (name.startsWith(unfinished)) await rm(join(folder, name), { force: true });
    }
    report("building it with Go, once; this takes two minutes or so");
    const outcome = await machine.run(
      ["go", "build", "-mod=readonly", "-trimpath", "-ldflags=-s -w", "-o", draft, MAIN_PACKAGE],
      {
        cwd: MODULE,
        seconds: SECONDS_FOR_BUILD,
        signal,
        env: { CGO_ENABLED: "0", GOOS: os, GOARCH: arch, GOWORK: "off" },
        onLine: (line) => report(line),
      },
    );
    signal.throwIfAborted();
    if (outcome.code !== 0)
      throw buildProblem(outcome.timedOut ? `no end after ${SECONDS_FOR_BUILD} s` : outcome.stderr);
    await chmod(draft, 0o755);
    await rename(draft, path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT") throw buildProblem("no space left on device");
    if (code !== undefined) {
      throw new Problem({
        what: "The Docker provider could not be put where Terraform looks for it.",
        value: message,
        fix: `see that ${folder} can be written, then run npm run setup again`,
      });
    }
    throw error;
  } finally {
    // Failing to tidy up must not hide why it failed.
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

const MAIN_PACKAGE = "github.com/terraform-providers/terraform-provider-docker";

/** Says in words why the build failed. */
export function buildProblem(stderr: string): Problem {
  const value = lastLines(stderr);
  if (isDiskFull(stderr)) {
    return new Problem({
      what: "The disk is full: the Docker provider could not be built.",
      value,
      fix: "free some space (the build needs 2 GiB in Go's cache, go env GOCACHE, and in GOTMPDIR), then run npm run setup again",
    });
  }
  if (
    /dial tcp|no such host|i\/o timeout|lookup .* on|connection refused|TLS handshake|403|404|502|503/.test(
      stderr,
    )
  ) {
    return new Problem({
      what: "The Docker provider could not be built: its Go modules could not be fetched.",
      value,
      fix: "see that go mod download works (network, proxy, GOPROXY), then run npm run setup again",
    });
  }
  return new Problem({
    what: "The Docker provider could not be built.",
    value,
    fix: "mend what Go says, then run npm run setup again",
  });
}
