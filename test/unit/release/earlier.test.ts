import { expect, test } from "vitest";
import { earlier, type StackText, secretsOf, volumesSince } from "../../../modules/release/earlier.ts";

const PASSWORD = "../../../.slipway/shop/secrets/prod/db_password";

interface Upload {
  readonly file: string;
  readonly content?: string;
  readonly source?: string;
  readonly source_hash?: string;
}

type Volumes = Record<string, object>;

/** A stack with a database and an application, each with a password. */
function stack(
  { image = "1", mark = "old", memory = 256 } = {},
  volumes: Volumes = { data: { name: "data" } },
) {
  const secret: Upload = { file: "/run/secrets/password", source: PASSWORD, source_hash: mark };
  const file: Upload = { file: "/etc/conf", content: "x" };
  const container = (reference: string, name: string) => ({
    image: `\${docker_image.${reference}.image_id}`,
    name,
    labels: [{ label: "slipway.release", value: `${image}-${mark}` }],
    memory,
    upload: [secret, file],
  });
  return {
    terraform: { backend: { local: { path: "here" } } },
    resource: {
      docker_image: {
        shop: { name: `shop/shop:${image}`, build: { context: "images/shop" } },
        postgres: { name: "shop/postgres:17", build: { context: "images/postgres" } },
      },
      docker_container: { db: container("postgres", "db"), shop: container("shop", `shop-${image}`) },
      docker_volume: volumes,
    },
  };
}

const again = (then: ReturnType<typeof stack>, now: ReturnType<typeof stack>) =>
  earlier(then, now, (source) => (source === PASSWORD ? "new" : "unknown")) as ReturnType<typeof stack>;

test("nothing is built: the engine has the images under their names", () => {
  expect(again(stack(), stack({ image: "2" })).resource.docker_image).toEqual({
    shop: { name: "shop/shop:1" },
    postgres: { name: "shop/postgres:17" },
  });
});

test("secrets are those of today", () => {
  const { docker_container: containers } = again(stack(), stack({ image: "2", mark: "new" })).resource;
  expect(containers.shop.upload[0]?.source_hash).toBe("new");
  expect(containers.shop.upload[1]).toEqual({ file: "/etc/conf", content: "x" });
});

test("a container that differs in nothing but secrets is the one that runs", () => {
  const now = stack({ image: "2", mark: "new" });
  const { docker_container: containers } = again(stack(), now).resource;
  expect(containers.db).toEqual(now.resource.docker_container.db);
  expect(containers.shop.name).toBe("shop-1");
});

test("a container of another image or with other settings is that of the release", () => {
  const now = stack({ memory: 512 });
  const { docker_container: containers } = again(stack(), now).resource;
  expect(containers.db.memory).toBe(256);
  const rebuilt = again(stack(), stack({ image: "2" })).resource.docker_container;
  expect(rebuilt.shop.labels).toEqual([{ label: "slipway.release", value: "1-old" }]);
});

test("volumes that came since stay, and others are as they are now", () => {
  const now = stack({}, { data: { name: "data", driver: "zfs" }, uploads: { name: "uploads" } });
  expect(again(stack(), now).resource.docker_volume).toEqual(now.resource.docker_volume);
  expect(volumesSince(stack(), now)).toEqual(["uploads"]);
});

test("the state is where it is now", () => {
  const now = { ...stack(), terraform: { backend: { s3: { bucket: "state" } } } };
  expect(earlier<StackText>(stack(), now, () => "new").terraform).toEqual(now.terraform);
});

test("secrets are told by their files", () => {
  expect([...secretsOf(stack())]).toEqual([[PASSWORD, "old"]]);
});

test("a stack on a Swarm keeps its services and has no containers; its secrets are told by the end of their names", () => {
  const service = { image: "${docker_image.shop.image_id}" };
  const text = {
    resource: {
      docker_image: { shop: { name: "shop/shop:1", build: {} } },
      docker_service: { shop: service },
      docker_secret: { "shop-db-password-a1b2c3": { data: `\${filebase64("${PASSWORD}")}` } },
    },
  };
  expect(earlier(text, text, () => "new")).toEqual({
    resource: { ...text.resource, docker_image: { shop: { name: "shop/shop:1" } } },
  });
  expect([...secretsOf(text)]).toEqual([[PASSWORD, "a1b2c3"]]);
});
