import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildFailure, lastCommand } from "../../../scripts/stack/build-failure.ts";

/** As BuildKit of engine 20.10 wrote it, shortened. */
const LOG = `#6 [2/3] RUN apt-get update
#6 35.41   Temporary failure resolving 'mirror.invalid'
#6 ERROR: executor failed running [/bin/sh -c apt-get update]: exit code: 100
------
 > [2/3] RUN apt-get update:
35.41   Temporary failure resolving 'mirror.invalid'
35.44 
35.45 E: Unable to locate package memcached
------
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-build-"));
  mkdirSync(join(folder, "images"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const diagnostic = (address: string) => ({
  severity: "error" as const,
  summary: "failed",
  detail: "",
  address,
});

test("shows what the failed command said, without the seconds and the rules around it", () => {
  expect(lastCommand(LOG)).toBe(
    "Temporary failure resolving 'mirror.invalid'\nE: Unable to locate package memcached",
  );
});

test("reads the log of the image that the diagnostic names", () => {
  writeFileSync(join(folder, "images/memcached.log"), LOG);
  expect(buildFailure(folder, diagnostic("docker_image.memcached"))).toEqual({
    whole: LOG,
    shown: "Temporary failure resolving 'mirror.invalid'\nE: Unable to locate package memcached",
  });
  expect(buildFailure(folder, diagnostic("docker_image.postgres"))).toBeUndefined();
  expect(buildFailure(folder, diagnostic("docker_container.memcached"))).toBeUndefined();
});
