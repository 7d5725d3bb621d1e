import type { App } from "cdktf";
import { describe, expect, test } from "vitest";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { Host } from "../../../modules/hosts/host.ts";
import { Memcached } from "../../../modules/memcached/memcached.ts";
import { Backend } from "../../../modules/state/backend.ts";
import { Secret } from "../../../modules/values/secret.ts";
import { synthesize } from "../../support/synthesis.ts";

/** The `terraform` block of a stack whose state is kept so. */
function written(backend?: Backend): { readonly backend: object; readonly encryption?: object } {
  const { terraform } = synthesize((app: App) => {
    const stack = new Environment(app, "shop-prod", {
      ...{ engine: Docker.on(Host.local()), purpose: "development" },
      ...(backend && { backend }),
    });
    new Memcached(stack, "cache", { memory: "64 MiB" });
  });
  return terraform("shop-prod").terraform;
}

describe("the state of a stack is kept", () => {
  test("in a file of its own unless another place is named", () => {
    expect(written().backend).toEqual({
      local: { path: "../../../slipway/slipway/state/shop-prod.tfstate" },
    });
    expect(written()).not.toHaveProperty("encryption");
  });

  test("in a schema of its own in a database, whose address and password nobody reads", () => {
    expect(written(Backend.postgres()).backend).toEqual({ pg: { schema_name: "slipway__shop_prod" } });
    expect(written(Backend.postgres({ schema: "states" })).backend).toEqual({
      pg: { schema_name: "states" },
    });
  });

  test("as an object of its own in a bucket, with a lock beside it", () => {
    const bucket = { bucket: "shop-state", region: "eu-1" };
    expect(written(Backend.s3(bucket)).backend).toEqual({
      s3: { ...bucket, key: "slipway/shop-prod.tfstate", use_lockfile: true },
    });
    const endpoint = "https://s3.example.org";
    expect(written(Backend.s3({ ...bucket, endpoint, authority: "/etc/ca.pem" })).backend).toMatchObject({
      s3: { endpoints: { s3: endpoint }, use_path_style: true, custom_ca_bundle: "/etc/ca.pem" },
    });
  });

  test("encrypted with a passphrase that stands in a file, and nowhere in the text", () => {
    const text = written(Backend.local({ passphrase: Secret.generated("state-passphrase") }));
    expect(text.encryption).toMatchObject({
      key_provider: {
        pbkdf2: {
          passphrase: {
            passphrase: '${file("../../../slipway/slipway/secrets/shop-prod/state-passphrase")}',
          },
        },
      },
      state: { method: "method.aes_gcm.state" },
      plan: { method: "method.aes_gcm.state" },
    });
  });
});

test.each([
  ["a schema", () => Backend.postgres({ schema: "Shop-Prod" }), /Invalid schema of a state "Shop-Prod"/],
  ["a bucket", () => Backend.s3({ bucket: "No", region: "eu-1" }), /Invalid bucket of a state "No"/],
  ["a key", () => Backend.s3({ bucket: "shop", region: "eu-1", key: "/state" }), /Invalid key of a state/],
  [
    "an address with credentials, which are not shown",
    () => Backend.s3({ bucket: "shop", region: "eu-1", endpoint: "https://me:secret@s3.example.org" }),
    /Invalid endpoint of a state "https:\/\/…@s3\.example\.org"/,
  ],
  [
    "an address without TLS",
    () => Backend.s3({ bucket: "shop", region: "eu-1", endpoint: "http://s3.example.org" }),
    /Invalid endpoint of a state "http:\/\/s3\.example\.org"/,
  ],
])("%s that cannot be one is refused", (_, make, message) => {
  expect(make).toThrow(message);
});
