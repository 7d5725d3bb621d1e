import { expect, test } from "vitest";
import { environmentWithoutSecrets } from "../../../modules/rules/environment-without-secrets.ts";
import { described, nodes } from "../../support/description.ts";

const check = (environment: Record<string, string>) =>
  environmentWithoutSecrets.check(described({ workloads: [nodes({ environment })] }));

test.each([
  ["DB_PASSWORD_FILE", "/run/secrets/db-password"],
  ["DATABASE_URL_FILE", "/run/secrets/db-url"],
  ["MEMCACHE_SERVERS", "cache-1:11211,cache-2:11211"],
  ["HOME_PAGE", "https://www.example.org:8443/@team:news"],
  ["DATABASE_URL", "postgresql://db:5432/shop"],
  ["DATABASE_URL", "postgresql://shop@db:5432/shop"],
  ["PUBLIC_KEY", "MCowBQYDK2VwAyEA"],
  ["KEYBOARD", "qwerty"],
  ["SESSION_TYPE", "database"],
])("%s=%s is good", (name, value) => {
  expect(check({ [name]: value })).toEqual([]);
});

test("a variable with the name of a secret is a violation, and its value is not shown", () => {
  const found = check({ COLOUR: "blue", DB_PASSWORD: "hunter2" });
  expect(found).toEqual([
    {
      path: "prod/shop",
      got: "variable DB_PASSWORD",
      allowed: "DB_PASSWORD_FILE with the path of a file below /run/secrets",
      fix: "Pass it as a Secret: it arrives as a file that only the application can read.",
    },
  ]);
  expect(JSON.stringify(found)).not.toContain("hunter2");
});

test.each([
  "PGPASSWORD",
  "db_passwd",
  "SMTP_PASSPHRASE",
  "CLIENT_SECRET",
  "SECRETS",
  "SECRET_KEY",
  "DJANGO_SECRET_KEY",
  "AWS_SECRET_ACCESS_KEY",
  "GITHUB_TOKEN",
  "STRIPE_API_KEY",
  "APIKEY",
  "PRIVATE_KEY",
  "AWS_CREDENTIALS",
])("%s is a violation", (name) => {
  expect(check({ [name]: "hunter2" }).map(({ got }) => got)).toEqual([`variable ${name}`]);
});

test.each([
  "postgresql://shop:hunter2@db/shop",
  "redis://:hunter2@cache:6379",
  "https://robot:hunter2@git.example.org/team/shop",
  "mysql+pymysql://shop:hunter2@db",
])("an address with a password is a violation under any name: %s", (address) => {
  expect(check({ PLACE: address }).map(({ got }) => got)).toEqual(["variable PLACE"]);
});
