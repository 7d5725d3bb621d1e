import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { synthesizeShipped } from "../../support/shipped.ts";

const { outdir, directory, terraform } = synthesizeShipped();

test("the stacks as shipped keep every rule, and are written", () => {
  const { stacks } = JSON.parse(readFileSync(`${outdir}/manifest.json`, "utf8"));
  expect(Object.keys(stacks)).toEqual(["dev", "prod", "staging"]);
});

describe.each(["dev", "prod", "staging"])("%s", (name) => {
  const stack = terraform(name);

  test("has its state and its secrets where the context says, in files of its own", () => {
    const { path } = stack.terraform.backend.local;
    expect(resolve(outdir, "stacks", name, path)).toBe(`${directory}/slipway/state/${name}.tfstate`);
    const sources = Object.values(stack.resource.docker_container).flatMap(({ upload }) =>
      upload.flatMap(({ source = [] }) => source),
    );
    expect(sources.length).toBeGreaterThan(2);
    for (const source of sources) {
      expect(dirname(resolve(outdir, "stacks", name, source))).toBe(`${directory}/slipway/secrets/${name}`);
    }
  });

  test("has names of its own", () => {
    const { docker_container, docker_network, docker_volume } = stack.resource;
    for (const kind of [docker_container, docker_network, docker_volume]) {
      for (const resource of Object.values(kind))
        expect(resource.name).toMatch(new RegExp(`^slipway-${name}-`));
    }
  });
});
