import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildLog } from "../../modules/engine/build-log.ts";
import { lastLines } from "../setup/machine.ts";
import type { Diagnostic } from "./terraform-events.ts";

const SHOWN_LINES = 8;

/** What a build said before it failed. */
export interface BuildFailure {
  /** Everything, to find the cause in. */
  readonly whole: string;
  /** The last lines of the command that failed, to be shown. */
  readonly shown: string;
}

/**
 * The provider names the command that failed in a build; what the command said stands in a log of its own.
 *
 * @param folder that Terraform ran in
 */
export function buildFailure(folder: string, { address = "" }: Diagnostic): BuildFailure | undefined {
  const [type, image = ""] = address.split(".");
  const file = join(folder, buildLog(image));
  if (type !== "docker_image" || !existsSync(file)) return undefined;
  const whole = readFileSync(file, "utf8");
  return { whole, shown: lastLines(lastCommand(whole), SHOWN_LINES) };
}

/** BuildKit ends its log with the output of the command that failed, between rules, each line after its seconds. */
export function lastCommand(log: string): string {
  const lines = log.split("\n").filter((line) => line.trim() !== "" && !/^-+$/.test(line));
  const start = lines.findLastIndex((line) => line.startsWith(" > ["));
  return lines
    .slice(start + 1)
    .map((line) => line.replace(/^\d+\.\d+ */, ""))
    .filter((line) => line !== "")
    .join("\n");
}
