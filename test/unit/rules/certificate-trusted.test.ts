import { expect, expectTypeOf, test } from "vitest";
import { certificateTrusted } from "../../../modules/rules/certificate-trusted.ts";
import { Tls } from "../../../modules/tls/tls.ts";
import { described, edge } from "../../support/description.ts";

const selfSigned = [edge({ certificate: "self-signed" })];

test("a certificate from files is good", () => {
  expect(certificateTrusted.check(described())).toEqual([]);
});

test("a self-signed one in production is a violation", () => {
  expect(certificateTrusted.check(described({ edges: selfSigned }))).toEqual([
    {
      path: "prod/edge",
      got: "a self-signed certificate for shop.example.org",
      allowed: "a certificate of an authority, by ACME or from files",
      fix: "Write tls: Tls.acme({ email }) or tls: Tls.files({ chain, key }).",
    },
  ]);
});

test("the fix names what the factories take", () => {
  expect(Tls.acme({ email: "webmaster@example.org" }).certificate).toBe("acme");
  expectTypeOf<Parameters<typeof Tls.files>[0]>().toEqualTypeOf<{
    readonly chain: string;
    readonly key: string;
  }>();
  expect(Tls.files({ chain: "chain.pem", key: "key.pem" }).certificate).toBe("files");
});

test("development may sign for itself", () => {
  expect(certificateTrusted.check(described({ purpose: "development", edges: selfSigned }))).toEqual([]);
});
