import { expect, test } from "vitest";
import { Port } from "../../../modules/values/port.ts";
import { certificateNote, judgeCertificate } from "../../../scripts/stack/certificate-note.ts";
import { HERE } from "../../../scripts/stack/stack-host.ts";
import { target } from "../../support/sandbox.ts";

const now = Date.parse("2026-01-01T00:00:00Z");
const served = {
  validTo: "Mar  1 00:00:00 2026 GMT",
  issuer: "CN=Authority",
  subject: "CN=shop.example.org",
};
const own = { ...served, issuer: served.subject };

test("nothing is said of a certificate with nothing to say", () => {
  expect(judgeCertificate(served, "files", now)).toBe("");
});

test("tells of one that nobody signed, and whether that is how it should be", () => {
  expect(judgeCertificate(own, "self-signed", now)).toContain("curl needs --insecure");
  expect(judgeCertificate(own, "acme", now)).toContain("has not signed a certificate yet");
});

test("tells of one that ends soon, or has ended", () => {
  expect(judgeCertificate({ ...served, validTo: "Jan 10 12:00:00 2026 GMT" }, "files", now)).toContain(
    "in 9 days",
  );
  expect(judgeCertificate({ ...served, validTo: "Dec 31 12:00:00 2025 GMT" }, "files", now)).toContain(
    "ended on",
  );
});

test("is silent where nothing answers", async () => {
  const ports = { http: Port.of(1), https: Port.of(1) };
  expect(
    await certificateNote(target({ address: "127.0.0.1", ports }), { certificate: "acme", host: HERE }),
  ).toBe("");
});
