import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { RootConstruct } from "constructs";
import { projectContext } from "../../modules/environment/context.ts";
import { projectFolder, settingsOf } from "../../modules/environment/settings.ts";
import { type Target, targetOf } from "../../modules/environment/target.ts";
import { Problem } from "../setup/problem.ts";
import { type StackHost, stackHost } from "./stack-host.ts";

/** Where the parts of a stack are on this machine, and where it goes. */
export interface Stack {
  readonly name: string;
  /** Prefix of its containers, and the value of their label. */
  readonly project: string;
  /** Folder that Terraform runs in, absolute. */
  readonly folder: string;
  /** Terraform's state, absolute. */
  readonly stateFile: string;
  /** Folder with a folder for each release that is kept, and the audit log, absolute. */
  readonly releasesFolder: string;
  /** Folder with a file for each secret, absolute. */
  readonly secretsFolder: string;
  readonly target: Target;
  /** The machines that it runs on. */
  readonly hosts: readonly StackHost[];
  /** CDKTF_CONTEXT_JSON that would give it other values in its own part of the context. */
  contextWith(changes: Readonly<Record<string, unknown>>): string;
}

/** Folder that stacks are synthesized to: CDKTF_OUTDIR, as cdktf has it. */
export function outputFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.CDKTF_OUTDIR ?? "cdktf.out");
}

/**
 * A stack by its name, with what the context of cdktf.json and CDKTF_CONTEXT_JSON say of it.
 * @throws Problem for a name that no stack can have, or a CDKTF_CONTEXT_JSON that is no JSON object
 * @throws InvalidValue for a key or a value of the context that is not allowed
 */
export function stackOf(name: string, env: NodeJS.ProcessEnv = process.env): Stack {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) throw badName(name);
  const context = projectContext(env);
  const root = new RootConstruct();
  for (const [key, value] of Object.entries(context)) root.node.setContext(key, value);
  const settings = settingsOf(root);
  const folder = projectFolder(settings);
  const target = targetOf(root, name);
  return {
    name,
    project: settings.project,
    folder: join(outputFolder(env), "stacks", name),
    stateFile: join(folder, "state", `${name}.tfstate`),
    releasesFolder: join(folder, "releases", name),
    secretsFolder: join(folder, "secrets", name),
    target,
    hosts: target.hosts.map((host) => stackHost(host, join(folder, "ssh", name))),
    contextWith: (changes) =>
      JSON.stringify({
        ...context,
        [name]: { ...(context[name] as object | undefined), ...changes },
      }),
  };
}

function badName(name: string): Problem {
  return new Problem({
    what: "That is no name of a stack.",
    value: JSON.stringify(name),
    allowed: "letters, digits, dashes and underscores, a letter first",
    fix: "name one of the stacks of stacks/main.ts",
  });
}

/** The problem of a name that no stack has. */
export function noSuchStack(name: string): Problem {
  const known = knownStacks();
  if (known.length === 0) {
    return new Problem({ what: "Nothing was deployed from this folder yet.", fix: `npm start -- ${name}` });
  }
  return new Problem({
    what: "There is no such stack.",
    value: JSON.stringify(name),
    allowed: known.join(", "),
    fix: "name one of the stacks of stacks/main.ts; a workload comes after the stack",
  });
}

/** Names of the stacks that were synthesized last; empty before the first time. */
export function knownStacks(): readonly string[] {
  const manifest = join(outputFolder(), "manifest.json");
  if (!existsSync(manifest)) return [];
  const { stacks }: { stacks: Record<string, unknown> } = JSON.parse(readFileSync(manifest, "utf8"));
  return Object.keys(stacks);
}
