import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Secret } from "../../../modules/values/secret.ts";
import { refused } from "./refused.ts";

const password = Secret.generated("db-password");
const key = Secret.privateKey("db_key");

describe("each source", () => {
  test.each([
    [password, { kind: "generated", length: 32 }, 'Secret "db-password" (generated, 32 characters)'],
    [
      Secret.generated("key", { length: 64 }),
      { kind: "generated", length: 64 },
      'Secret "key" (generated, 64 characters)',
    ],
    [Secret.privateKey("db_key"), { kind: "private-key" }, 'Secret "db_key" (generated, a private key)'],
    [
      Secret.certificate("db_certificate", { key, hostnames: ["db", "db-pooler"] }),
      { kind: "certificate", key, hostnames: ["db", "db-pooler"] },
      'Secret "db_certificate" (generated, the certificate of db_key for db, db-pooler)',
    ],
    [Secret.fromFile("key", "/etc/key"), { kind: "file", path: "/etc/key" }, 'Secret "key" (file /etc/key)'],
    [
      Secret.fromEnvironment("key", "SHOP_KEY"),
      { kind: "environment", variable: "SHOP_KEY" },
      'Secret "key" (environment variable SHOP_KEY)',
    ],
    [
      Secret.fromCommand("key", ["pass", "show", "token-hunter2"]),
      { kind: "command", argv: ["pass", "show", "token-hunter2"] },
      'Secret "key" (command pass)',
    ],
    [
      Secret.composed("url", ["postgres://hunter2:", password, "@db"]),
      { kind: "composed", parts: ["postgres://hunter2:", password, "@db"] },
      'Secret "url" (composed of db-password)',
    ],
  ])("%s", (secret, source, shown) => {
    expect(secret.source).toEqual(source);
    expect(String(secret)).toBe(shown);
    expect(JSON.stringify({ secret })).toBe(JSON.stringify({ secret: shown }));
    expect(inspect({ secret }, { depth: 9, showHidden: true })).toContain(shown);
    expect(inspect(secret)).not.toContain("hunter2");
  });
});

test("a template composes texts and secrets in their order", () => {
  const salt = Secret.generated("salt");
  expect(Secret.text("db-url")`postgres://shop:${password}@db:5432/shop?${salt}`.source).toEqual({
    kind: "composed",
    parts: ["postgres://shop:", password, "@db:5432/shop?", salt],
  });
  expect(Secret.text("same")`${password}${salt}`.source).toEqual({
    kind: "composed",
    parts: [password, salt],
  });
});

test.each([15, 257, 32.5, Number.NaN])("a length of %d is refused", (length) => {
  expect(refused(() => Secret.generated("key", { length })).got).toBe(String(length));
});

test("a certificate of a password, or for nobody, is refused, and the password is not shown", () => {
  expect(
    refused(() => Secret.certificate("certificate", { key: password, hostnames: ["db"] })).allowed,
  ).toContain("a private key");
  expect(refused(() => Secret.certificate("certificate", { key, hostnames: [] })).got).toContain("no name");
});

test("the name is a strict name, because it becomes a file name", () => {
  expect(refused(() => Secret.generated("../etc/passwd")).fix).toBe('Write a name such as "db-password"');
});

test.each([
  ["a value in place of a variable", () => Secret.fromEnvironment("key", "hunter2!")],
  ["an empty variable", () => Secret.fromEnvironment("key", "")],
  ["an empty path", () => Secret.fromFile("key", "")],
  ["a path with a NUL", () => Secret.fromFile("key", "hunter2\0")],
  ["a missing program", () => Secret.fromCommand("key", [] as never)],
  ["an empty program", () => Secret.fromCommand("key", ["", "hunter2"])],
  ["an argument with a NUL", () => Secret.fromCommand("key", ["pass", "hunter2\0"])],
  ["a text without a secret", () => Secret.text("key")`hunter2`],
  ["a part that is nothing", () => Secret.composed("key", [password, undefined as never, "hunter2"])],
])("%s is refused without showing it", (_, attempt) => {
  const error = refused(attempt);
  expect(error.got).toBe("(not shown)");
  expect(error.message).not.toContain("hunter2");
});

test("a secret cannot change after it was made", () => {
  const argv: [string, ...string[]] = ["pass", "show"];
  const parts = ["a", password];
  const [command, composed] = [Secret.fromCommand("key", argv), Secret.composed("url", parts)];
  argv.push("more");
  parts.push("more");
  expect(command.source).toEqual({ kind: "command", argv: ["pass", "show"] });
  expect(composed.source).toEqual({ kind: "composed", parts: ["a", password] });
  for (const frozen of [
    command,
    command.source,
    Object.values(command.source)[1],
    Object.values(composed.source)[1],
  ]) {
    expect(Object.isFrozen(frozen)).toBe(true);
  }
});
