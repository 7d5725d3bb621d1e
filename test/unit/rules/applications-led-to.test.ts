import { expect, test } from "vitest";
import { applicationsLedTo } from "../../../modules/rules/applications-led-to.ts";
import { Name } from "../../../modules/values/name.ts";
import { cache, described, front, nodes } from "../../support/description.ts";

const network = (name: string) => ({ name: Name.of(name), internal: false });
const own = nodes({ networks: [network("shop"), network("cache")] });
const service = cache({ networks: [network("cache")] });

test("an application whose network an edge or a balancer is on, is good", () => {
  const workloads = [own, service, front({ networks: [network("edge"), network("shop")] })];
  expect(applicationsLedTo.check(described({ workloads }))).toEqual([]);
});

test("one that shares a network with services only is a violation", () => {
  const workloads = [own, service, front({ networks: [network("edge")] })];
  expect(applicationsLedTo.check(described({ workloads }))).toEqual([
    {
      path: "prod/shop",
      got: "no route to it",
      allowed: "a route of an edge",
      fix: 'Write Route.to(shop, { at: "/shop" }) in the edge, or remove the application.',
    },
  ]);
});

test("what runs its jobs leads nobody to it", () => {
  const jobs = nodes({ name: Name.of("shop-jobs"), role: "job", networks: [network("shop")] });
  const workloads = [own, jobs, front({ networks: [network("edge")] })];
  expect(applicationsLedTo.check(described({ workloads }))).toMatchObject([{ path: "prod/shop" }]);
});

test("without any edge nothing has to be led to", () => {
  expect(applicationsLedTo.check(described({ workloads: [own, service] }))).toEqual([]);
});
