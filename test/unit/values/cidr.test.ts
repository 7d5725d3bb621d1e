import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Cidr } from "../../../modules/values/cidr.ts";
import { refused } from "./refused.ts";

test.each([
  ["10.0.0.0/24", "10.0.0.0", 24],
  ["0.0.0.0/0", "0.0.0.0", 0],
  ["192.0.2.7/32", "192.0.2.7", 32],
  ["fd00::/8", "fd00::", 8],
  ["::/0", "::", 0],
  ["::1/128", "::1", 128],
])("%s is a network", (text, address, prefix) => {
  expect(Cidr.of(text)).toMatchObject({ address, prefix });
  expect(String(Cidr.of(text))).toBe(text);
});

test("IPv6 is kept in its shortest form", () => {
  expect(String(Cidr.of("2001:0DB8:0:0:0:0:0:0/32"))).toBe("2001:db8::/32");
});

test("of takes a network as it is", () => {
  const network = Cidr.of("10.0.0.0/8");
  expect(Cidr.of(network)).toBe(network);
});

test.each([
  ["10.0.0.7/24", 'Write "10.0.0.0/24" for the network or "10.0.0.7/32" for this address alone'],
  ["2001:db8::7/64", 'Write "2001:db8::/64" for the network or "2001:db8::7/128" for this address alone'],
  ["10.0.0.1", 'Add the prefix length: "10.0.0.1/32" is this address alone'],
  ["10.0.0.0/33", "Write a prefix length from 0 to 32"],
  ["::/129", "Write a prefix length from 0 to 128"],
  ["10.0.0/24", 'Write a network such as "10.0.0.0/24"'],
  ["010.0.0.0/8", 'Write a network such as "10.0.0.0/24"'],
  ["10.0.0.0/255.255.255.0", 'Write a network such as "10.0.0.0/24"'],
  ["10.0.0.0/08", 'Write a network such as "10.0.0.0/24"'],
  ["fe80::%eth0/64", 'Write a network such as "10.0.0.0/24"'],
  ["", 'Write a network such as "10.0.0.0/24"'],
])("%j is refused: %s", (text, fix) => {
  expect(refused(() => Cidr.of(text)).fix).toBe(fix);
});

describe("contains", () => {
  test.each([
    ["10.0.0.0/24", "10.0.0.255", true],
    ["10.0.0.0/24", "10.0.1.0", false],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["fd00::/8", "FD12::1", true],
    ["fd00::/8", "fe80::1", false],
    ["0.0.0.0/0", "::1", false],
    ["10.0.0.0/8", "::ffff:10.0.0.1", false],
  ])("%s contains %s: %s", (network, address, expected) => {
    expect(Cidr.of(network).contains(address)).toBe(expected);
  });

  test("an address that is none is refused", () => {
    expect(refused(() => Cidr.of("10.0.0.0/24").contains("db")).what).toBe("address");
  });

  test("agrees with the platform's block list", () => {
    const network = (width: number) =>
      fc.record({ prefix: fc.integer({ min: 0, max: width }), near: fc.boolean() });
    const cases = fc.oneof(
      fc.record({ family: fc.constant("ipv4" as const), of: network(32), a: fc.ipV4(), b: fc.ipV4() }),
      fc.record({ family: fc.constant("ipv6" as const), of: network(128), a: fc.ipV6(), b: fc.ipV6() }),
    );
    fc.assert(
      fc.property(cases, ({ family, of: { prefix, near }, a, b }) => {
        const text = `${a}/${prefix}`;
        const fix = attempt(() => Cidr.of(text)) ?? text;
        const list = new BlockList();
        list.addSubnet(a, prefix, family);
        const address = near ? a : b;
        expect(Cidr.of(fix).contains(address)).toBe(list.check(address, family));
      }),
    );
  });
});

test.each([
  ["10.0.0.0/8", "10.1.0.0/16", true],
  ["10.0.0.0/24", "10.0.0.0/24", true],
  ["10.0.0.0/24", "10.0.1.0/24", false],
  ["0.0.0.0/0", "::/0", false],
  ["fd00::/8", "fd00:1::/32", true],
])("%s overlaps %s: %s, both ways round", (one, other, expected) => {
  expect(Cidr.of(one).overlaps(Cidr.of(other))).toBe(expected);
  expect(Cidr.of(other).overlaps(Cidr.of(one))).toBe(expected);
});

/** The network that a refusal for host bits proposes; nothing when there is no refusal. */
function attempt(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch {
    return /"([^"]+)" for the network/.exec(refused(parse).fix)?.[1];
  }
}
