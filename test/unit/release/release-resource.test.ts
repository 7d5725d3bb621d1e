import { expect, test } from "vitest";
import { withRelease } from "../../../modules/release/release-resource.ts";

const OF = { project: "shop", stack: "prod", engine: "Docker on this machine" };
const PATHS = { project: "../../..", releases: "../../../.slipway/shop/releases/prod" };

const STACK = {
  resource: {
    docker_image: { shop: { name: "shop/shop:1" } },
    docker_container: { "shop-1": { image: "${docker_image.shop.image_id}", "//": { path: "prod/shop" } } },
    terraform_data: { "edge-files": { triggers_replace: {} } },
  },
};

const released = (stack: object = STACK) =>
  (withRelease(stack, OF, PATHS) as never as { resource: { terraform_data: Record<string, Written> } })
    .resource.terraform_data.release as Written;

interface Written {
  readonly depends_on: readonly string[];
  readonly triggers_replace: { readonly configuration: string; readonly images: object };
}

test("a release comes after everything of its stack", () => {
  expect(released().depends_on).toEqual([
    "docker_image.shop",
    "docker_container.shop-1",
    "terraform_data.edge-files",
  ]);
});

test("a release names its images by what Terraform finds them to be", () => {
  expect(released().triggers_replace).toMatchObject({
    ...OF,
    images: { shop: { name: "${docker_image.shop.name}", id: "${docker_image.shop.image_id}" } },
  });
});

test("any change of a resource is another release, and the place of its construct is none", () => {
  const { configuration } = released().triggers_replace;
  const container = { image: "${docker_image.shop.image_id}" };
  const edited = (changes: object) =>
    released({
      resource: { ...STACK.resource, docker_container: { "shop-1": { ...container, ...changes } } },
    }).triggers_replace.configuration;
  expect(edited({ "//": { path: "prod/elsewhere" } })).toBe(configuration);
  expect(edited({ memory: 512 })).not.toBe(configuration);
});

test("other resources of the same type stay", () => {
  const { resource } = withRelease(STACK, OF, PATHS);
  expect(Object.keys(resource.terraform_data)).toEqual(["edge-files", "release"]);
});
