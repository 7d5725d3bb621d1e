import { expect, test } from "vitest";
import { servicesOnInternalNetworks } from "../../../modules/rules/services-on-internal-networks.ts";
import { Name } from "../../../modules/values/name.ts";
import { cache, database, described, front } from "../../support/description.ts";

const network = (name: string, internal: boolean) => ({ name: Name.of(name), internal });

test("internal networks are good, and those of an edge lead outside", () => {
  const workloads = [
    database({ networks: [network("db", true)] }),
    front({ networks: [network("edge", false)] }),
  ];
  expect(servicesOnInternalNetworks.check(described({ workloads }))).toEqual([]);
});

test.each([
  ["database", database, "prod/db"],
  ["cache", cache, "prod/cache"],
] as const)("a %s on a network that leads outside is a violation", (_, make, path) => {
  const workloads = [make({ networks: [network("own", true), network("shop", false)] })];
  expect(servicesOnInternalNetworks.check(described({ workloads }))).toEqual([
    {
      path,
      got: "network shop, which leads outside",
      allowed: "internal networks",
      fix: "Write internal: true for the network.",
    },
  ]);
});
