import { expect, test } from "vitest";
import { Name } from "../../../modules/values/name.ts";
import { refused } from "./refused.ts";

test.each(["guestbook", "a", "web2py", "db-1", "a--b", "a".repeat(40)])("%s is a name", (text) => {
  expect(Name.of(text).text).toBe(text);
  expect(String(Name.of(text))).toBe(text);
});

test("of takes a name as it is", () => {
  const name = Name.of("shop");
  expect(Name.of(name)).toBe(name);
});

test.each([
  ["Guest Book", "guest-book"],
  ["guest_book", "guest-book"],
  ["2nd-shop", "nd-shop"],
  ["shop-", "shop"],
  ["-shop", "shop"],
  ["Café", "cafe"],
  ["shop\n", "shop"],
  [`${"a".repeat(39)}-b`, "a".repeat(39)],
  ["a".repeat(41), "a".repeat(40)],
])("%j is refused, %s proposed", (text, proposed) => {
  expect(refused(() => Name.of(text)).fix).toBe(`Write "${proposed}"`);
});

test.each(["", "123", "---", "日本"])("%j is refused with an example", (text) => {
  expect(refused(() => Name.of(text)).fix).toBe('Write a name such as "guestbook"');
});
