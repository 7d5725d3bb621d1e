import { Option } from "commander";
import pc from "picocolors";
import type { WrittenSharedFolders } from "../modules/environment/description-file.ts";
import { shellQuoted } from "../modules/hosts/shell-word.ts";
import { run, verb } from "./command.ts";
import { interruptible } from "./setup/interrupt.ts";
import { Problem } from "./setup/problem.ts";
import { descriptionOf } from "./stack/description.ts";
import { step } from "./stack/progress.ts";
import { type Stack, stackOf } from "./stack/stack.ts";
import { synthesize } from "./stack/synthesis.ts";
import { bytes, list } from "./stack/words.ts";

interface Options {
  readonly script?: true;
  readonly json?: true;
  readonly of?: string;
}

async function storage(name: string, options: Options): Promise<void> {
  const stack = stackOf(name);
  const { signal } = interruptible("run it again to go on");
  const quiet = options.script === true || options.json === true;
  if (quiet) await synthesize(stack, signal);
  else await step("Synthesis", () => synthesize(stack, signal));
  const folders = chosen(stack, options.of);
  if (options.json) process.stdout.write(`${JSON.stringify({ sharedFolders: folders }, undefined, 2)}\n`);
  else process.stdout.write(options.script ? scriptOf(stack, folders) : folders.map(describe).join("\n"));
}

/** @throws Problem when there are none, and for a name that none of them has */
function chosen(stack: Stack, of: string | undefined): readonly WrittenSharedFolders[] {
  const { name } = stack;
  const { sharedFolders = [] } = descriptionOf(stack) ?? {};
  if (sharedFolders.length === 0) {
    throw new Problem({
      what: `The stack ${name} has no shared folders.`,
      fix: 'write new SharedFolders(this, "shared", { on: … }) in it (docs/storage.md)',
    });
  }
  const found = sharedFolders.filter(({ path }) => of === undefined || nameOf(path) === of);
  if (found.length > 0) return found;
  throw new Problem({
    what: `The stack ${name} has no such shared folders.`,
    value: JSON.stringify(of),
    allowed: list(sharedFolders.map(({ path }) => nameOf(path))),
    fix: "name one of these, or none for all",
  });
}

/** @throws Problem where there is none, or more than one to choose from */
function scriptOf({ name }: Stack, folders: readonly WrittenSharedFolders[]): string {
  const scripts = folders.flatMap(({ script }) => script ?? []);
  const [script] = scripts;
  if (script !== undefined && scripts.length === 1) return script;
  throw new Problem({
    what:
      scripts.length === 0
        ? `No storage of ${name} is set up by a script.`
        : `${scripts.length} storages of ${name} have a script.`,
    allowed:
      scripts.length === 0
        ? "Zfs.dataset(…) and Nfs.v4(…)"
        : list(folders.filter(({ script }) => script !== null).map(({ path }) => nameOf(path))),
    fix: scripts.length === 0 ? "set it up as its own documentation says" : "name one of them with --of",
  });
}

function describe(folders: WrittenSharedFolders): string {
  const { path, storage, quotas, applications, mount, script } = folders;
  const named = folders.folders.map((folder) => {
    const quota = quotas[folder];
    return quota === undefined ? folder : `${folder} (at most ${bytes(quota)})`;
  });
  const wide = Math.max(0, ...storage.mountOptions.map(({ option }) => option.length));
  return [
    `${pc.bold(nameOf(path))} on ${storage.description}, ${redundancyOf(folders)}`,
    `  ${list(named)} of ${applications.length === 0 ? "no application" : list(applications)}`,
    ...(storage.mountOptions.length === 0
      ? []
      : [
          "",
          "  mounted with",
          ...storage.mountOptions.map(({ option, reason }) => `    ${option.padEnd(wide)}  ${reason}`),
        ]),
    ...(mount === null ? [] : ["", ...mountLines(folders, mount)]),
    ...(script === null
      ? []
      : [
          "",
          `  The storage host${storage.server === null ? "" : ` ${storage.server.host}`} is set up by a script, to be read and run there as root:`,
          `    npm run --silent storage -- ${path.split("/")[0]} --of ${nameOf(path)} --script > storage.sh`,
        ]),
    "",
  ].join("\n");
}

function redundancyOf({ storage }: WrittenSharedFolders): string {
  if (storage.redundancy === null) return "of whose redundancy nothing is said";
  return storage.redundancy === "none" ? "without redundancy" : storage.redundancy;
}

function mountLines(
  { path }: WrittenSharedFolders,
  { unit, credentials }: NonNullable<WrittenSharedFolders["mount"]>,
): readonly string[] {
  return [
    "  Each host mounts it itself. On hosts that SSH leads to, npm run bootstrap sees to it; elsewhere, as root:",
    "    apt-get install cifs-utils jq",
    `    install -D -m 0600 /dev/stdin ${shellQuoted(credentials)}        # username=… and password=…, a line each`,
    `    npm run --silent storage -- ${path.split("/")[0]} --of ${nameOf(path)} --json | jq -r '.sharedFolders[0].mount.content' > ${shellQuoted(`/etc/systemd/system/${unit}`)}`,
    `    systemctl daemon-reload && systemctl enable --now ${shellQuoted(unit)}`,
  ];
}

const nameOf = (path: string): string => path.split("/").at(-1) ?? path;

await run(
  verb(
    "storage",
    "Tell what shared folders are on, what they are mounted with and why, and how their storage is set up.",
  )
    .option("--of <name>", "only these shared folders (default: all)")
    .addOption(
      new Option("--script", "print the script that sets the storage host up, and nothing else").conflicts(
        "json",
      ),
    )
    .option("--json", "print everything as JSON")
    .addHelpText(
      "after",
      "\nNothing is changed anywhere. The script installs packages, makes the pool where its disks are known, a dataset for each" +
        "\nfolder with its quota, the export for the hosts of the stack, and snapshots; run again, it changes only what differs.",
    )
    .action(storage),
);
