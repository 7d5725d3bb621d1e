import type { WrittenWorkload } from "../../engine/written-workload.ts";
import type { WrittenDescription } from "../../environment/description-file.ts";
import type { DescribedApp } from "../../rules/description.ts";
import { CERTIFICATE_PATHS } from "../../tls/certificate-files.ts";
import { InvalidValue } from "../../values/invalid-value.ts";

/** A file of an image, as it is before the image is built. */
export interface ContextFile {
  readonly content: Buffer;
  readonly executable: boolean;
}

/** A stack as an export sees it: all that was written of it, in memory, so that what is made of it is pure text. */
export interface ExportedStack {
  readonly name: string;
  readonly description: WrittenDescription;
  /** The files that an image is made of, by their path, by the name of the image. */
  readonly contexts: ReadonlyMap<string, ReadonlyMap<string, ContextFile>>;
  /** The value of each secret, by its name. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** An application and the workload that is its nodes. */
export interface ExportedApp {
  readonly described: DescribedApp;
  readonly workload: WrittenWorkload;
  /** Paths of its secrets; the certificate of an edge that it is inside of is none of them. */
  readonly secrets: readonly string[];
  /** Its code, by the path below `/srv/app`. */
  readonly code: ReadonlyMap<string, ContextFile>;
  /** Lines of `requirements.txt` that its code asks for. */
  readonly requirements: readonly string[];
}

const OF_EDGES: readonly string[] = Object.values(CERTIFICATE_PATHS);

/** The applications of a stack. One that runs inside of an edge is in the workload of that edge. */
export function appsOf(stack: ExportedStack): readonly ExportedApp[] {
  return stack.description.apps.map((described) => {
    const workload = stack.description.workloads.find(
      ({ name, role, image, environment }) =>
        (role === "app" && name === described.name) ||
        // An edge with an application in it has an image of that name.
        (role === "edge" && image === described.name && environment.SLIPWAY_CALLABLE !== undefined),
    );
    if (workload === undefined) {
      throw new InvalidValue({
        what: `application ${described.path} in the description of the stack`,
        got: "no workload",
        allowed: "one with its nodes",
        fix: "Synthesize the stack anew",
      });
    }
    const code = codeOf(stack, workload.image);
    return {
      described,
      workload,
      secrets: workload.secrets.filter((path) => !OF_EDGES.includes(path)),
      code,
      requirements: requirementsOf(code, "requirements.txt"),
    };
  });
}

function codeOf(stack: ExportedStack, image: string): ReadonlyMap<string, ContextFile> {
  return new Map(
    [...(stack.contexts.get(image) ?? [])].flatMap(([path, file]) =>
      path.startsWith("app/") ? [[path.slice("app/".length), file] as const] : [],
    ),
  );
}

/** Lines of a file of requirements; those of the files that it names with `-r` in their place. */
export function requirementsOf(
  files: ReadonlyMap<string, ContextFile> | undefined,
  path: string,
): readonly string[] {
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
  return (files?.get(path)?.content.toString() ?? "").split("\n").flatMap((line) => {
    const text = line.trim();
    if (text === "" || text.startsWith("#")) return [];
    const [, named] = /^-r\s+(\S+)$/.exec(text) ?? [];
    return named === undefined ? [text] : requirementsOf(files, `${folder}${named}`);
  });
}

/** Static files, which an edge serves. */
export interface ServedFolder {
  /** Path below the mount of the application, such as `/static`. */
  readonly path: string;
  /** By their path below that. */
  readonly files: ReadonlyMap<string, ContextFile>;
}

/** Those that the nodes lay out in a container: slipway_node/static_files.py reads the same variable. */
export function servedFolders({ workload, code }: ExportedApp): readonly ServedFolder[] {
  const pairs = (workload.environment.SLIPWAY_STATIC ?? "").split(" ").filter((pair) => pair !== "");
  return pairs.map((pair) => {
    const [folder = "", path = ""] = pair.split("=");
    const below = `${folder.replace(/^\/srv\/app\//, "")}/`;
    const files = [...code].flatMap(([file, content]) =>
      file.startsWith(below) ? [[file.slice(below.length), content] as const] : [],
    );
    return { path, files: new Map(files) };
  });
}

/** The value of a secret that a workload gets at a path. @throws InvalidValue where it gets none there */
export function secretAt(stack: ExportedStack, workload: WrittenWorkload, path: string): string {
  const value = stack.secrets.get(workload.secretNames[path] ?? "");
  if (value !== undefined) return value;
  throw new InvalidValue({
    what: `secret of ${workload.path}`,
    got: path,
    allowed: workload.secrets.join(", ") || "none",
    fix: "Synthesize the stack anew",
  });
}
