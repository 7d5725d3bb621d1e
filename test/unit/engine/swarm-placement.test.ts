import { expect, test } from "vitest";
import { constraintOf, placementsOf } from "../../../modules/engine/swarm-placement.ts";
import { Host, type HostRole } from "../../../modules/hosts/host.ts";
import { LocalDisk } from "../../../modules/storage/local-disk.ts";
import { database, FILE_SERVER, nodes, OWN_DISK } from "../../support/description.ts";

const OWNER = { project: "shop", stack: "prod" };
const host = (name: string, roles: readonly HostRole[]) =>
  Host.of({ name, address: `unix:///run/${name}.sock`, roles });
const volume = (name: string, storage = OWN_DISK) => ({
  volume: { name, storage, folder: name, keep: true },
  path: "/data",
});

test("a workload with no files of its own goes wherever its role is played", () => {
  const hosts = [host("a", ["web"]), host("b", ["db"]), host("c", ["web"])];
  const placement = placementsOf([nodes().workload], hosts).get("shop");
  expect(placement?.hosts.map(({ name }) => name.text)).toEqual(["a", "c"]);
  expect(placement && constraintOf(placement, OWNER)).toBe("node.labels.slipway.host.shop.prod.web == true");
});

test("one with local files stays where they are; files of a server are everywhere", () => {
  const hosts = [host("a", ["web", "db"]), host("b", ["web", "db"])];
  const local = placementsOf([nodes({ volumes: [volume("shared")] }).workload], hosts).get("shop");
  expect(local && constraintOf(local, OWNER)).toBe("node.labels.slipway.host.shop.prod == a");
  const remote = placementsOf([nodes({ volumes: [volume("shared", FILE_SERVER)] }).workload], hosts);
  expect(remote.get("shop")?.pinned).toBe(false);
});

test("who shares local files runs beside each other, on a host that plays both parts", () => {
  const hosts = [host("a", ["db"]), host("b", ["web"]), host("c", ["web", "db"])];
  const both = [
    database({ volumes: [volume("data"), volume("sockets")] }).workload,
    nodes({ volumes: [volume("sockets")] }).workload,
  ];
  const placements = placementsOf(both, hosts);
  for (const name of ["db", "shop"]) {
    expect(placements.get(name)?.hosts.map((one) => one.name.text)).toEqual(["c"]);
    expect(placements.get(name)?.beside).toEqual(["db", "shop"]);
  }
});

test("files that come out of an image may be anywhere", () => {
  const statics = { ...volume("statics", LocalDisk.volumes()).volume, published: true };
  const workload = nodes({ volumes: [{ volume: statics, path: "/srv/static" }] }).workload;
  expect(placementsOf([workload], [host("a", ["web"])]).get("shop")?.pinned).toBe(false);
});
