import { expect, test } from "vitest";
import { Host } from "../../../modules/hosts/host.ts";
import { reachedAt } from "../../../scripts/stack/reached-at.ts";
import { HERE } from "../../../scripts/stack/stack-host.ts";

const host = Host.of({ name: "a", address: "ssh://deploy@192.0.2.9", hostKeys: ["ssh-ed25519 AAAA"] });

test.each([
  ["0.0.0.0", HERE, "127.0.0.1"],
  ["::", HERE, "::1"],
  ["0.0.0.0", { host }, "192.0.2.9"],
  ["203.0.113.5", { host }, "203.0.113.5"],
])("%s is reached at another address where it stands for all", (address, on, expected) => {
  expect(reachedAt(address, on)).toBe(expected);
});
