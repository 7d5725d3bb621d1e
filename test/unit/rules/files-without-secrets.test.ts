import { expect, test } from "vitest";
import { filesWithoutSecrets } from "../../../modules/rules/files-without-secrets.ts";
import { described, nodes } from "../../support/description.ts";

const check = (content: string) =>
  filesWithoutSecrets.check(
    described({ workloads: [nodes({ files: [{ path: "/etc/slipway/x.conf", content }] })] }),
  );

test.each([
  "BalancerMember uwsgi://shop-1:8000 route=1\nServerAdmin shop@example.org",
  "DB_URI = _secret('db_url')",
  "see https://www.example.org:8443/@team:news",
  "url = postgresql://shop:${password}@db/shop",
  "RewriteRule ^ https://%1:8443%{REQUEST_URI} [R=308,L] # a@b",
  "-----BEGIN CERTIFICATE-----",
  "-----BEGIN PUBLIC KEY-----",
])("%j is good", (content) => {
  expect(check(content)).toEqual([]);
});

test("an address with a password is a violation, and the password is not shown", () => {
  const found = check("# database\nurl = postgresql://shop:hunter2@db:5432/shop\n");
  expect(found).toEqual([
    {
      path: "prod/shop",
      got: "an address with a password in /etc/slipway/x.conf",
      allowed: "the path of a file below /run/secrets",
      fix: "Pass it as a Secret, and let the configuration name its file.",
    },
  ]);
  expect(JSON.stringify(found)).not.toContain("hunter2");
});

test.each([
  "PRIVATE KEY",
  "EC PRIVATE KEY",
  "RSA PRIVATE KEY",
  "ENCRYPTED PRIVATE KEY",
])("a %s is a violation", (kind) => {
  expect(check(`key: |\n  -----BEGIN ${kind}-----\n`).map(({ got }) => got)).toEqual([
    "a private key in /etc/slipway/x.conf",
  ]);
});
