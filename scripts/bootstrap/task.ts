import { sha256 } from "../../modules/engine/digest.ts";
import { shellQuoted } from "../../modules/hosts/shell-word.ts";

/** Something that a host is to have, in shell: whether it has it, and how it gets it. Run as root. */
export interface Task {
  /** For people, such as `packages of the engine`. */
  readonly title: string;
  /** Exits 0 where nothing is to be done; changes nothing. */
  readonly check: string;
  readonly change: string;
}

/** A file of a host that is ours alone. */
export interface HostFile {
  readonly path: string;
  readonly content: string;
  /** Octal digits. @default 644 */
  readonly mode?: string;
}

/** A task whose result is a file; what was there stays beside it once, as `<path>.before-slipway`. */
export function fileTask(title: string, file: HostFile, after = ""): Task {
  return {
    title: `${title} (${file.path})`,
    check: isSame(file),
    change: [keepBefore(file), write(file), after].filter(Boolean).join("\n"),
  };
}

/** Exits 0 where a file has the content and the mode. */
export function isSame({ path, content, mode = "644" }: HostFile): string {
  const sum = sha256(content);
  return `echo ${shellQuoted(`${sum}  ${path}`)} | sha256sum --check --status - && [ "$(stat -c %a ${shellQuoted(path)})" = ${mode} ]`;
}

/** Writes a file in one step. */
export function write({ path, content, mode = "644" }: HostFile): string {
  const draft = shellQuoted(`${path}.slipway-new`);
  return `mkdir -p "$(dirname ${shellQuoted(path)})"
cat > ${draft} <<'SLIPWAY-END'
${content}SLIPWAY-END
chmod ${mode} ${draft}
mv ${draft} ${shellQuoted(path)}`;
}

function keepBefore({ path }: HostFile): string {
  const [now, before] = [shellQuoted(path), shellQuoted(`${path}.before-slipway`)];
  return `[ ! -e ${now} ] || [ -e ${before} ] || grep -q 'Written by Slipway' ${now} || cp -p ${now} ${before}`;
}

/** One script that checks all, and prints a line for each that is done: `0 yes`. Shells of their own, as -e does not hold in a condition. */
export function checkScript(tasks: readonly Task[]): string {
  return tasks
    .map(({ check }, at) => `if sh -ec ${shellQuoted(check)} >/dev/null 2>&1; then echo '${at} yes'; fi`)
    .join("\n");
}

/** Those of the tasks that are to be done, by what the script printed. */
export function undone<T extends Task>(tasks: readonly T[], printed: string): readonly T[] {
  const lines = printed.split("\n");
  return tasks.filter((_, at) => !lines.includes(`${at} yes`));
}
