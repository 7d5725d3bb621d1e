import { describe, expect, test } from "vitest";
import { Host } from "../../../modules/hosts/host.ts";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";

const hostKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ"];
const at = (address: string, keys = hostKeys) => Host.of({ name: "web-1", address, hostKeys: keys });

function refusal(attempt: () => unknown): InvalidValue {
  try {
    attempt();
  } catch (error) {
    if (error instanceof InvalidValue) return error;
  }
  throw new Error("it was accepted");
}

test.each([
  ["ssh://deploy@203.0.113.10", { hostname: "203.0.113.10", user: "deploy", port: 22 }],
  ["ssh://web.example.org:2222/", { hostname: "web.example.org", user: undefined, port: 2222 }],
  ["ssh://ops@[2001:db8::1]:22", { hostname: "2001:db8::1", user: "ops", port: 22 }],
])("%s is reached by SSH", (address, expected) => {
  const host = at(address);
  expect(host.ssh).toEqual(expected);
  expect(host.engine).toBe(address.replace(/\/$/, "").replace(/:22$/, ""));
});

test("a socket needs no keys, and this machine no address", () => {
  expect(at("unix:///run/docker.sock", []).ssh).toBeUndefined();
  expect(Host.local().engine).toBeUndefined();
});

describe("an address is refused", () => {
  test.each([
    "tcp://203.0.113.10:2375",
    "203.0.113.10",
    "ssh://",
    "ssh://deploy@host/path",
    "ssh://-oProxyCommand=x@host",
    "ssh://deploy@-oProxyCommand=x",
    "ssh://deploy@a b",
    "ssh://deploy@host?x",
    "unix://relative",
  ])("%s", (address) => {
    expect(refusal(() => at(address)).what).toBe("address of the host web-1");
  });

  test("with a password, which is not shown", () => {
    expect(refusal(() => at("ssh://deploy:hunter2@host")).message).not.toContain("hunter2");
  });
});

test("without keys it is refused, with the way to get them", () => {
  const { fix } = refusal(() => at("ssh://deploy@203.0.113.10:2222", []));
  expect(fix).toContain("ssh-keyscan -p 2222 -t ed25519 203.0.113.10");
  expect(fix).toContain("compare");
});

test.each([
  "203.0.113.10 ssh-ed25519 AAAA",
  "ssh-ed25519 AAAA root@host",
  "AAAA",
  "ssh-ed25519 AAAA\n* ssh-rsa B",
])("the key %j is refused", (key) => {
  expect(refusal(() => at("ssh://h", [key])).what).toBe("key of the host web-1");
});
