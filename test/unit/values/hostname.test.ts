import fc from "fast-check";
import { expect, test } from "vitest";
import { Hostname } from "../../../modules/values/hostname.ts";
import { refused } from "./refused.ts";

const LABEL_63 = "a".repeat(63);
const NAME_253 = [LABEL_63, LABEL_63, LABEL_63, "a".repeat(61)].join(".");

test.each([
  "shop.example.org",
  "localhost",
  "db-1",
  "1shop.example",
  "a--b.example",
  "xn--mnchen-3ya.example",
  NAME_253,
])("%s is a name", (text) => {
  expect(Hostname.of(text)).toMatchObject({ text, isAddress: false });
});

test("an IPv4 address is taken and known as one", () => {
  expect(Hostname.of("127.0.0.1")).toMatchObject({ text: "127.0.0.1", isAddress: true });
});

test("upper case is kept in lower case", () => {
  expect(Hostname.of("Shop.Example.ORG")).toEqual(Hostname.of("shop.example.org"));
});

test("of takes a hostname as it is", () => {
  const hostname = Hostname.of("localhost");
  expect(Hostname.of(hostname)).toBe(hostname);
});

test.each([
  ["https://shop.example.org", 'Leave out the scheme, write "shop.example.org"'],
  ["shop.example.org:8080", 'Leave out the port, write "shop.example.org"'],
  ["shop.example.org/cart", 'Leave out the path, write "shop.example.org"'],
  [
    "https://Shop.example.org:8443/",
    'Leave out the scheme, leave out the path, leave out the port, write "shop.example.org"',
  ],
  ["shop.example.org.", 'Leave out the trailing dot, write "shop.example.org"'],
  ["web_1.example.org", 'Use hyphens for underscores, write "web-1.example.org"'],
  ["*.example.org", 'Name each host instead of a wildcard, write "example.org"'],
  [" localhost\n", 'Leave out the spaces around it, write "localhost"'],
  ["münchen.example", 'Write "xn--mnchen-3ya.example"'],
  ["::1", "Write a name that resolves to this IPv6 address"],
  ["[fd00::1]", "Write a name that resolves to this IPv6 address"],
  ["https://", 'Leave out the scheme, write a name such as "shop.example.org"'],
])("%j is refused: %s", (text, fix) => {
  expect(refused(() => Hostname.of(text)).fix).toBe(fix);
});

test.each([
  "",
  ".",
  "a..b",
  "-a.example",
  "a-.example",
  `${LABEL_63}a`,
  `${NAME_253}a`,
  "256.0.0.1",
  "127.1",
  "010.0.0.1",
  "1.2.3.4.5",
  "shop.0x7f",
  "a b",
  "a;b",
  "\u212Aelvin.example",
])("%j is refused", (text) => {
  refused(() => Hostname.of(text));
});

test("what is accepted is a host to the platform's URL parser too, and stays as it is", () => {
  fc.assert(
    fc.property(fc.oneof(fc.domain(), fc.ipV4(), fc.stringMatching(/^[a-zA-Z0-9.-]{1,12}$/)), (text) => {
      let hostname: Hostname;
      try {
        hostname = Hostname.of(text);
      } catch {
        return;
      }
      fc.pre(!hostname.text.includes("xn--"));
      expect(new URL(`http://${hostname}`).hostname).toBe(hostname.text);
    }),
  );
});
