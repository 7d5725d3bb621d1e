import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "./project.ts";
import type { Finding, Requirement } from "./requirement.ts";
import { atLeast, parseVersion } from "./version.ts";

/** Node.js in the version that `engines` of package.json asks for. */
export function node(
  version = process.version,
  path = process.execPath,
  range = enginesRange(),
): Requirement {
  return { name: "Node.js", check: async () => judgeNode(version, path, range) };
}

/** @param range of the form `>=20.19.0` */
export function judgeNode(version: string, path: string, range: string): Finding {
  const actual = parseVersion(version);
  const minimum = parseVersion(range);
  const found = `${version.replace(/^v/, "")} at ${path}`;
  if (actual !== undefined && minimum !== undefined && atLeast(actual, minimum)) return { ok: true, found };
  return {
    ok: false,
    found,
    wanted: `Node.js ${range}`,
    remedy:
      "install a newer Node.js, such as the current LTS from https://nodejs.org or with your version manager, then run npm ci again",
  };
}

function enginesRange(): string {
  const manifest: { engines: { node: string } } = JSON.parse(
    readFileSync(join(PROJECT, "package.json"), "utf8"),
  );
  return manifest.engines.node;
}
