import { expect, test } from "vitest";
import { acmeReachesTheSite } from "../../../modules/rules/acme-reaches-the-site.ts";
import type { DescribedEdge } from "../../../modules/rules/description.ts";
import { Port } from "../../../modules/values/port.ts";
import { described, edge, front } from "../../support/description.ts";

const acme = (...names: string[]): NonNullable<DescribedEdge["acme"]> => ({
  names,
  directory: "https://ca.example.org/directory",
  isPublic: true,
});
const edges = (...names: string[]) => [edge({ certificate: "acme", acme: acme(...names) })];

test("a public name at port 80 is good", () => {
  expect(
    acmeReachesTheSite.check(described({ edges: edges("shop.example.org", "localhost.example.org") })),
  ).toEqual([]);
  expect(acmeReachesTheSite.check(described())).toEqual([]);
});

test.each([
  "localhost",
  "127.0.0.1",
  "shop.local",
  "shop.internal",
  "shop.test",
  "shop",
])("%s is refused", (name) => {
  expect(acmeReachesTheSite.check(described({ edges: edges("shop.example.org", name) }))).toEqual([
    expect.objectContaining({
      path: "prod/edge",
      got: `a certificate for ${name} from https://ca.example.org/directory`,
    }),
  ]);
});

test.each([
  ["another port", "192.0.2.1", 8080],
  ["an address of this machine alone", "127.0.0.1", 80],
])("%s is refused", (_, address, port) => {
  const workloads = [front({ ports: [{ address, host: Port.of(port), container: Port.of(8080) }] })];
  expect(acmeReachesTheSite.check(described({ workloads, edges: edges("shop.example.org") }))).toEqual([
    expect.objectContaining({
      path: "prod/edge",
      got: `ports ${address}:${port} for https://ca.example.org/directory`,
    }),
  ]);
});

test("an authority of one's own may sign for what it likes", () => {
  const own = { ...acme("localhost"), isPublic: false };
  expect(acmeReachesTheSite.check(described({ workloads: [], edges: [edge({ acme: own })] }))).toEqual([]);
});
