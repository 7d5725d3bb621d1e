import { InvalidValue } from "../../values/invalid-value.ts";
import { APP_ENGINE } from "../app-engine/app-engine.ts";
import { CHEROKEE } from "../cherokee/cherokee.ts";
import { debianTarget, redhatTarget } from "../linux/linux.ts";
import { SHARED_HOSTING } from "../shared-hosting/shared-hosting.ts";
import { WINDOWS } from "../windows/windows.ts";
import type { ExportTarget } from "./export-target.ts";

/** All kinds of hosts that a stack can be written for. */
export const EXPORT_TARGETS: readonly ExportTarget[] = [
  debianTarget,
  redhatTarget,
  SHARED_HOSTING,
  WINDOWS,
  CHEROKEE,
  APP_ENGINE,
];

/** @throws InvalidValue for a name that none of them has */
export function exportTargetOf(name: string): ExportTarget {
  const target = EXPORT_TARGETS.find((one) => one.name === name);
  if (target !== undefined) return target;
  throw new InvalidValue({
    what: "target of an export",
    got: name,
    allowed: EXPORT_TARGETS.map((one) => one.name).join(", "),
    fix: "Name one of these",
  });
}
