import { expect, test } from "vitest";
import { adminOnLoopback } from "../../../modules/rules/admin-on-loopback.ts";
import { Port } from "../../../modules/values/port.ts";
import { described, front } from "../../support/description.ts";

const tunnel = (address: string) =>
  described({ workloads: [front({ ports: [{ address, host: Port.of(8001), container: Port.of(8444) }] })] });

test.each(["127.0.0.1", "127.8.9.10", "::1"])("%s is good", (address) => {
  expect(adminOnLoopback.check(tunnel(address))).toEqual([]);
  expect(adminOnLoopback.check(described())).toEqual([]);
});

test.each(["0.0.0.0", "192.0.2.1", "::", "127.0.0.1.example.org"])("%s is a violation", (address) => {
  expect(adminOnLoopback.check(tunnel(address))).toEqual([
    {
      path: "prod/edge",
      got: `${address}:8001, which leads to port 8444 of the edge`,
      allowed: "an address such as 127.0.0.1",
      fix: "Publish it on 127.0.0.1, and reach it with `npm run admin`.",
    },
  ]);
});
