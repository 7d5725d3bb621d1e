import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { CertificateFiles } from "../../../modules/tls/certificate-files.ts";
import { TestAuthority } from "../../support/certificates.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const NAMES = ["DNS:shop.example.org", "DNS:*.shop.example.org", "IP:192.0.2.1"];
const files = {} as Record<
  "chain" | "key" | "other" | "otherKey" | "unordered" | "weak" | "weakKey" | "ocsp" | "ocspKey",
  string
>;

beforeAll(() => {
  const authority = new TestAuthority(temporaryFolder());
  const stranger = new TestAuthority(temporaryFolder(), "A stranger");
  const site = authority.issue("site", NAMES);
  const other = authority.issue("other", NAMES);
  const weak = authority.issue("weak", NAMES, { newKey: ["-newkey", "rsa:1024"] });
  const ocsp = authority.issue("ocsp", NAMES, {
    extensions: "authorityInfoAccess=OCSP;URI:http://ocsp.example.org\n",
  });
  Object.assign(files, {
    chain: authority.chain("chain.pem", site.certificate, authority.certificate),
    key: site.key,
    other: other.certificate,
    otherKey: other.key,
    unordered: authority.chain("unordered.pem", site.certificate, stranger.certificate),
    weak: weak.certificate,
    weakKey: weak.key,
    ocsp: ocsp.certificate,
    ocspKey: ocsp.key,
  });
});

const check = (chain: string, key: string, names = ["shop.example.org"], now?: Date) =>
  new CertificateFiles({ chain, key }).check(names, now);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

test("a chain and its key are good for the names in it, addresses too", () => {
  expect(check(files.chain, files.key, ["shop.example.org", "www.shop.example.org", "192.0.2.1"])).toEqual({
    hasResponder: false,
  });
});

test("tells that the issuer names a responder", () => {
  expect(check(files.ocsp, files.ocspKey)).toEqual({ hasResponder: true });
});

test("refuses the key of another certificate, and tells both files", () => {
  expect(() => check(files.chain, files.otherKey)).toThrow(
    /chain\.pem.*another key.*certificate of the key .*other-key\.pem.*fullchain/,
  );
});

test("refuses what is not in force any more, or not yet", () => {
  expect(() => check(files.chain, files.key, undefined, inDays(21))).toThrow(
    /certificate of site, in force from .* to .*Renew/,
  );
  expect(() => check(files.chain, files.key, undefined, inDays(-2))).toThrow(/in force from/);
});

test("refuses a name that is not in it", () => {
  expect(() => check(files.chain, files.key, ["shop.example.org", "example.org"])).toThrow(
    /not example\.org, but DNS:shop\.example\.org/,
  );
  expect(() => check(files.chain, files.key, ["192.0.2.2"])).toThrow(/not 192\.0\.2\.2, but/);
});

test("refuses a chain whose links do not hold", () => {
  expect(() => check(files.unordered, files.key)).toThrow(
    /site followed by A stranger, which did not sign it/,
  );
});

test("refuses a key that the profile does not have", () => {
  expect(() => check(files.weak, files.weakKey)).toThrow(/RSA of 2048 bits or more, or ECDSA/);
});

test("refuses a file that is missing, or has something else in it, and never shows what", () => {
  const text = join(temporaryFolder(), "text.pem");
  writeFileSync(text, "-----BEGIN PRIVATE KEY-----\nTop Secret\n");
  expect(() => check("/nowhere/chain.pem", files.key)).toThrow(/\/nowhere\/chain\.pem.*may read/);
  expect(() => check(text, files.key)).toThrow(/no certificate that can be read/);
  expect(() => check(files.chain, text)).toThrow(/text\.pem.*without a passphrase/);
  expect(() => check(files.chain, text)).not.toThrow(/Top Secret/);
});
