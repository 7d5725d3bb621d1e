import { createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from "node:crypto";
import { createRequire } from "node:module";
import type * as forge from "node-forge";

/** Of the key in bits, as public authorities ask for; 3072 take a second to find. node-forge signs by RSA only. */
const MODULUS = 2048;
const DAY = 24 * 3600 * 1000;
/** How long a certificate is in force, in days. */
const LIFE = 5 * 365;
/** A certificate that ends within so many days is made anew. */
const RENEWED = 2 * 365;

/** A new private key, PKCS #8 in PEM. */
export function newPrivateKey(): string {
  return generateKeyPairSync("rsa", {
    modulusLength: MODULUS,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;
}

/**
 * A certificate that is its own authority: who has it in a file knows the server by it, and no other.
 * @param key in PEM
 * @param hostnames by which clients reach the server
 * @returns PEM
 */
export function selfSigned(key: string, hostnames: readonly string[], now = new Date()): string {
  // Half of the time of a synth would be its import, and it is needed once in years.
  const { md, pki }: typeof forge = createRequire(import.meta.url)("node-forge");
  const privateKey = pki.privateKeyFromPem(key);
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.setRsaPublicKey(privateKey.n, privateKey.e);
  // Positive, and 127 bits of chance.
  certificate.serialNumber = `4${randomBytes(16).toString("hex").slice(1)}`;
  // Clocks of hosts differ.
  certificate.validity.notBefore = new Date(now.getTime() - DAY);
  certificate.validity.notAfter = new Date(now.getTime() + LIFE * DAY);
  const subject = [{ name: "commonName", value: hostnames[0] ?? "" }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: "basicConstraints", cA: false, critical: true },
    { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames: hostnames.map((value) => ({ type: 2, value })) },
    { name: "subjectKeyIdentifier" },
  ]);
  certificate.sign(privateKey, md.sha256.create());
  return pki.certificateToPem(certificate).replaceAll("\r\n", "\n");
}

/** Whether a certificate still is the one of this key for these names, with time left. */
export function certifies(
  certificate: string,
  key: string,
  hostnames: readonly string[],
  now = new Date(),
): boolean {
  const found = new X509Certificate(certificate);
  const names = (found.subjectAltName ?? "").split(", ");
  return (
    found.checkPrivateKey(createPrivateKey(key)) &&
    names.join() === hostnames.map((name) => `DNS:${name}`).join() &&
    Date.parse(found.validTo) - now.getTime() > RENEWED * DAY
  );
}
