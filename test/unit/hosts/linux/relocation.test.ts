import { describe, expect, test } from "vitest";
import { debian } from "../../../../modules/hosts/linux/family.ts";
import { placed } from "../../../../modules/hosts/linux/placement.ts";
import { Relocation } from "../../../../modules/hosts/linux/relocation.ts";
import { writtenWorkload } from "../../../support/written-workload.ts";

const volume = { name: "shop-static", readOnly: false, keep: false, storage: "", options: {} };
const SHOP = writtenWorkload("shop", "app", {
  nodes: ["shop-1", "shop-2"],
  files: { "/etc/slipway/listeners": "0.0.0.0:8000\n127.0.0.1:8001\n" },
  volumes: [{ ...volume, path: "/srv/static" }],
});
const ALL = [
  SHOP,
  writtenWorkload("db", "database", { image: "postgres-17" }),
  writtenWorkload("cache", "cache"),
  writtenWorkload("edge", "edge", {
    ports: [
      { address: "0.0.0.0", host: 80, container: 8080 },
      { address: "0.0.0.0", host: 443, container: 8443 },
    ],
  }),
];
const ONE = [{ name: "one", address: "10.0.0.1", instances: ["shop-1", "shop-2", "db", "cache", "edge"] }];

const of = (instance: string, text: string) => {
  const all = placed(ALL, ONE);
  const one = all.find((each) => each.instance === instance);
  if (one === undefined) throw new Error(instance);
  return new Relocation("dev", one, all, debian).of(text);
};

describe("a text of a container on a host", () => {
  test.each([
    ["shop-2", "/etc/slipway/uwsgi.ini", "/etc/slipway/dev/shop-2/uwsgi.ini"],
    ["shop-2", '"/run/secrets/db-url"', '"/etc/slipway/dev/shop-2/secrets/db-url"'],
    [
      "shop-2",
      "PYTHONPATH=/opt/slipway:/srv/app",
      "PYTHONPATH=/opt/slipway/dev/shop-2/lib:/opt/slipway/dev/shop-2/app",
    ],
    ["shop-2", "/srv/venv/bin/python", "/opt/slipway/dev/shop/venv-4f53cda1/bin/python"],
    ["shop-2", "/srv/static/x.css", "/var/lib/slipway/dev/volumes/shop-static/x.css"],
    ["shop-2", "/srv/apps /home/srv/app /srv/app-2", "/srv/apps /home/srv/app /srv/app-2"],
    ["shop-2", "/tmp/databases", "/run/slipway/dev/shop-2/tmp/databases"],
  ])("has the places of %s for %s", (instance, text, there) => {
    expect(of(instance, text)).toBe(there);
  });

  test.each([
    ["shop-1", "0.0.0.0:8000\n127.0.0.1:8001\n", "10.0.0.1:8000\n127.0.0.1:8001\n"],
    ["shop-2", "0.0.0.0:8000\n127.0.0.1:8001\n", "10.0.0.1:8010\n127.0.0.1:8011\n"],
    ["shop-2", "127.0.0.1:80010 10.127.0.0.1:8001", "127.0.0.1:80010 10.127.0.0.1:8001"],
    ["edge", "uwsgi://shop-1:8000 uwsgi://shop-2:8000", "uwsgi://10.0.0.1:8000 uwsgi://10.0.0.1:8010"],
    ["edge", "my-shop-1:8000", "my-shop-1:8000"],
    ["edge", "Listen 8080\nListen 8443\n<VirtualHost *:8443>", "Listen 80\nListen 443\n<VirtualHost *:443>"],
    ["edge", "curl --connect-to ::127.0.0.1:8443", "curl --connect-to ::127.0.0.1:443"],
    ["cache", "/dev/tcp/127.0.0.1/11211", "/dev/tcp/10.0.0.1/11211"],
    // The certificate knows the server by its name; libpq gets the address by a variable.
    ["shop-1", "postgresql://shop:x@db:5432/shop", "postgresql://shop:x@db:5432/shop"],
    ["shop-1", "cache:11211", "10.0.0.1:11211"],
  ])("has the addresses of %s for %j", (instance, text, there) => {
    expect(of(instance, text)).toBe(there);
  });
});
