import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  type AppEngineService,
  appYaml,
  instanceClassFor,
} from "../../../../modules/hosts/app-engine/app-yaml.ts";
import { APP_YAML } from "../../../../modules/hosts/app-engine/app-yaml-schema.ts";
import { Size } from "../../../../modules/values/size.ts";

const service: AppEngineService = {
  instanceClass: "F1",
  instances: 4,
  concurrency: 15,
  statics: [{ path: "/static", folder: "app/static" }],
  environment: {},
  hasDatabase: true,
};

test("what is written reads as it was meant", () => {
  expect(parse(appYaml(service))).toMatchObject({
    runtime: "python313",
    automatic_scaling: { max_instances: 4, max_concurrent_requests: 15 },
    handlers: [
      { url: "/static/_\\d+\\.\\d+\\.\\d+/(.+)", static_files: "app/static/\\1", secure: "always" },
      { url: "/static", static_dir: "app/static" },
      { url: "/.*", script: "auto", secure: "always" },
    ],
  });
});

test("a variable of the system's is refused before it is written", () => {
  expect(() => appYaml({ ...service, environment: { GAE_VERSION: "1" } })).toThrow();
});

describe("the documented form", () => {
  test.each([
    ["another runtime", { runtime: "python27" }],
    ["a field of Python 2", { runtime: "python313", threadsafe: true }],
    ["a script by name", { runtime: "python313", handlers: [{ url: "/.*", script: "main.app" }] }],
    ["files without an upload", { runtime: "python313", handlers: [{ url: "/a", static_files: "a" }] }],
    ["a class that there is not", { runtime: "python313", instance_class: "F3" }],
    ["a pattern with an anchor", { runtime: "python313", handlers: [{ url: "^/a", script: "auto" }] }],
  ])("%s is refused", (_, content) => {
    expect(APP_YAML.safeParse(content).success).toBe(false);
  });
});

test.each([
  ["256 MiB", "F1"],
  ["288 MiB", "F1"],
  ["384 MiB", "F2"],
  ["1 GiB", "F4"],
  ["2 GiB", "F4_1G"],
  ["3 GiB", undefined],
])("a node of %s needs %s", (memory, expected) => {
  expect(instanceClassFor(Size.parse(memory))).toBe(expected);
});
