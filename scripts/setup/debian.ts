import { lastLines, type Machine } from "./machine.ts";
import { Problem } from "./problem.ts";
import type { Report } from "./requirement.ts";

const SECONDS_FOR_APT = 900;

/** Whether /etc/os-release describes Debian itself; derivatives name and split their packages differently. */
export function isDebian(osRelease: string | undefined): boolean {
  return /^ID=["']?debian["']?\s*$/m.test(osRelease ?? "");
}

/** Whether packages can be installed here: on Debian, as root. */
export async function installsPackages(machine: Machine): Promise<boolean> {
  return machine.platform === "linux" && machine.root && isDebian(await machine.read("/etc/os-release"));
}

/**
 * Installs Debian packages; the lists of packages are fetched first when they are missing or out of date.
 *
 * @throws Problem with what apt printed last
 */
export async function installPackages(
  machine: Machine,
  packages: readonly string[],
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const apt = (...words: string[]) =>
    machine.run(["apt-get", ...APT_OPTIONS, ...words], {
      seconds: SECONDS_FOR_APT,
      env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
      signal,
      onLine: (line) => report(line.slice(0, 100)),
    });
  // A run that was interrupted may have left packages unpacked but not configured.
  await machine.run(["dpkg", "--configure", "-a"], {
    seconds: SECONDS_FOR_APT,
    env: { DEBIAN_FRONTEND: "noninteractive" },
    signal,
  });
  const install = () => apt("install", "--yes", "--no-install-recommends", ...packages);
  let update: string | undefined;
  let outcome = await install();
  if (outcome.code !== 0 && !signal.aborted && needsUpdate(outcome.stderr)) {
    const lists = await apt("update");
    update = lists.stderr;
    outcome = await install();
  }
  if (outcome.code !== 0) {
    throw aptProblem(packages, `${update ?? ""}\n${outcome.stderr || outcome.stdout}`, outcome.timedOut);
  }
}

const APT_OPTIONS = [
  "-q",
  "-o",
  "DPkg::Lock::Timeout=120",
  "-o",
  "Acquire::Retries=2",
  "-o",
  "Acquire::http::Timeout=20",
  "-o",
  "Acquire::https::Timeout=20",
  "-o",
  "Dpkg::Use-Pty=0",
];

/** Whether apt's messages say that its lists are missing or older than the archive. */
export function needsUpdate(stderr: string): boolean {
  return /Unable to locate package|has no installation candidate|Failed to fetch|Unable to fetch|404/.test(
    stderr,
  );
}

/** Says in words why apt failed. */
export function aptProblem(packages: readonly string[], stderr: string, timedOut: boolean): Problem {
  const names = packages.join(" ");
  const log = lastLines(stderr.trim());
  if (/No space left on device|don't have enough free space/i.test(stderr)) {
    return new Problem({
      what: `The disk is full: the Debian packages ${names} could not be installed.`,
      value: log,
      fix: "free some space (df -h shows where; apt-get clean frees apt's own), then run npm run setup again",
    });
  }
  if (/Could not (get lock|open lock)|is another process using it/.test(stderr)) {
    return new Problem({
      what: "Another program is installing packages.",
      value: log,
      fix: "wait until it has ended, then run npm run setup again",
    });
  }
  if (
    timedOut ||
    /Could not resolve|Temporary failure|Could not connect|Failed to fetch|Connection/.test(stderr)
  ) {
    return new Problem({
      what: `The Debian packages ${names} could not be fetched.`,
      value: timedOut ? `no end after ${SECONDS_FOR_APT} s` : log,
      fix: "see that apt-get update works (network, proxy, /etc/apt/sources.list), then run npm run setup again",
    });
  }
  return new Problem({
    what: `The Debian packages ${names} could not be installed.`,
    value: log,
    fix: `see what apt-get install ${names} says, then run npm run setup again`,
  });
}
