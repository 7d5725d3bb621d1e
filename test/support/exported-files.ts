import { spawnSync } from "node:child_process";
import { expect } from "vitest";
import type { ExportedFile } from "../../modules/hosts/export/exported-file.ts";

/** The text of a file of an export. */
export function textOf(files: readonly ExportedFile[], path: string): string {
  const file = files.find((one) => one.path === path);
  if (file === undefined) throw new Error(`no ${path} among ${files.map((one) => one.path).join(", ")}`);
  return file.content.toString();
}

/** Python reads each of them. */
export function expectPython(files: readonly ExportedFile[]): void {
  const sources = files.filter(({ path }) => path.endsWith(".py"));
  const program = "import json, sys\nfor path, text in json.load(sys.stdin): compile(text, path, 'exec')";
  const { status, stderr } = spawnSync("python3", ["-c", program], {
    input: JSON.stringify(sources.map(({ path, content }) => [path, content.toString()])),
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
}
