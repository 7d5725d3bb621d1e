import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { getCiphers, type SecureVersion, type TLSSocket } from "node:tls";
import { INTERMEDIATE } from "../../../modules/tls/profile.ts";
import { type Check, none } from "../check.ts";
import { open } from "../connection.ts";
import type { Site } from "../site.ts";

const TLS_1_3: readonly string[] = INTERMEDIATE.suites;
/** Those that a certificate with such a key can be used with. */
const TLS_1_2 = (key: "ec" | "rsa"): readonly string[] =>
  INTERMEDIATE.ciphers.filter((name) => name.startsWith(key === "ec" ? "ECDHE-ECDSA" : "ECDHE-RSA"));
/** Not among OpenSSL's usual ones. */
const MORE_TLS_1_3 = ["TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"];
/** Without a certificate, or without encryption: Node leaves them out of its list. */
const MORE_TLS_1_2 = [
  "ADH-AES128-SHA256",
  "ADH-AES256-GCM-SHA384",
  "AECDH-AES128-SHA",
  "NULL-SHA256",
  "ECDHE-ECDSA-NULL-SHA",
  "ECDHE-RSA-NULL-SHA",
];
const MOST_SUITES = 80;

export const tlsProfile: Check = {
  name: "The cipher suites are exactly those of Mozilla's intermediate profile",
  recipe: "recipe 2; Mozilla's server-side TLS guidelines 6.0, intermediate",
  async run(site) {
    const all = getCiphers().map((name) => name.toUpperCase());
    const old = [...all.filter((name) => !name.startsWith("TLS_")), ...MORE_TLS_1_2];
    const [three, two, key] = await Promise.all([
      accepted(site, "TLSv1.3", [
        ...new Set([...TLS_1_3, ...all.filter((name) => name.startsWith("TLS_")), ...MORE_TLS_1_3]),
      ]),
      accepted(site, "TLSv1.2", old),
      keyOf(site),
    ]);
    const wanted = { three: TLS_1_3, two: TLS_1_2(key) };
    return none(
      [
        ...wanted.three.filter((name) => !three.includes(name)).map((name) => `TLS 1.3 lacks ${name}`),
        ...wanted.two.filter((name) => !two.includes(name)).map((name) => `TLS 1.2 lacks ${name}`),
        ...three.filter((name) => !wanted.three.includes(name)).map((name) => `TLS 1.3 has ${name}`),
        ...two.filter((name) => !wanted.two.includes(name)).map((name) => `TLS 1.2 has ${name}`),
      ],
      `${three.length} suites of TLS 1.3, ${two.length} of TLS 1.2, ${old.length} tried`,
      "those of the profile and no other",
    );
  },
};

/** Offers all, and then all but those that were taken, until the site refuses the rest. */
async function accepted(
  site: Site,
  version: SecureVersion,
  candidates: readonly string[],
): Promise<readonly string[]> {
  const taken: string[] = [];
  for (let attempt = 0; attempt < MOST_SUITES; attempt++) {
    const rest = candidates.filter((name) => !taken.includes(name));
    // At OpenSSL's usual level our own side would leave the weak ones out.
    const ciphers = version === "TLSv1.3" ? rest.join(":") : `${rest.join(":")}:@SECLEVEL=0`;
    if (rest.length === 0) return taken;
    const suite = await shake(site, { minVersion: version, maxVersion: version, ciphers }, (socket) => {
      const { name, standardName } = socket.getCipher();
      return version === "TLSv1.3" ? standardName : name;
    });
    if (suite === undefined) return taken;
    taken.push(suite);
  }
  return taken;
}

export const alpn: Check = {
  name: "The protocols are agreed upon in the handshake, and an unknown one is not pretended",
  recipe: "recipe 2",
  async run(site) {
    const { protocols } = site.declared;
    const ask = async (offered: string[]) =>
      (await shake(site, { ALPNProtocols: offered }, ({ alpnProtocol }) => alpnProtocol || "none")) ??
      "refused";
    const [first, ...others] = await Promise.all([
      ask(["h2", "http/1.1"]),
      ...protocols.map((protocol) => ask([protocol])),
      ask(["spdy/3"]),
    ]);
    const unknown = others.pop() ?? "";
    return none(
      [
        ...(first === (protocols.includes("h2") ? "h2" : "http/1.1")
          ? []
          : [`of h2 and http/1.1 it takes ${first}`]),
        ...protocols.flatMap((protocol, at) =>
          others[at] === protocol ? [] : [`${protocol}: ${others[at]}`],
        ),
        ...(["none", "refused", "http/1.1"].includes(unknown) ? [] : [`spdy/3: ${unknown}`]),
      ],
      `${first} of h2 and http/1.1; ${protocols.join(" and ")} alone`,
      protocols.join(" and "),
    );
  },
};

export const certificate: Check = {
  name: "The certificate is for the site's name, is in force, and has a key of today's length",
  recipe: "recipe 2",
  async run(site) {
    const served = await presented(site);
    const { validFrom, validTo, publicKey } = served;
    const now = Date.now();
    const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
    const curve = publicKey.asymmetricKeyDetails?.namedCurve ?? "";
    const names = isIP(site.hostname) === 0 ? served.checkHost(site.hostname) : served.checkIP(site.hostname);
    return none(
      [
        ...(names === undefined ? [`is for ${served.subjectAltName ?? served.subject}`] : []),
        ...(Date.parse(validFrom) <= now ? [] : [`begins on ${validFrom}`]),
        ...(Date.parse(validTo) > now ? [] : [`ended on ${validTo}`]),
        ...(bits >= 2048 || ["prime256v1", "secp384r1"].includes(curve)
          ? []
          : [`has a key of ${bits || curve || "?"}`]),
      ],
      `for ${names}, until ${validTo}, ${bits > 0 ? `RSA ${bits}` : curve}`,
      `for ${site.hostname}, in force, RSA from 2048 or P-256 or P-384`,
    );
  },
};

export const strictTransport: Check = {
  name: "Browsers are told to stay with TLS exactly when they can trust the certificate",
  recipe: "recipe 2; RFC 6797",
  async run(site) {
    const trusted = site.declared.certificate !== "self-signed";
    const [secure, missing, plain] = await Promise.all([
      site.ask(site.home),
      site.ask(site.unheardOf()),
      site.ask(site.home, { plain: true }),
    ]);
    const values = [secure, missing].map(
      ({ headers }) => `${headers["strict-transport-security"] ?? "none"}`,
    );
    const good = values.map((value) =>
      trusted
        ? Number(/max-age=(\d+)/.exec(value)?.[1] ?? 0) >= INTERMEDIATE.strictTransport
        : value === "none",
    );
    return none(
      [
        ...values.filter((_, at) => !good[at]).map((value) => `Strict-Transport-Security: ${value}`),
        // RFC 6797, section 7.2.
        ...(plain.headers["strict-transport-security"] === undefined ? [] : ["plain http has the header"]),
      ],
      `${site.declared.certificate}: ${values[0]}`,
      trusted
        ? `max-age of ${INTERMEDIATE.strictTransport} or more, over https only`
        : "no such header: it would lock visitors out",
    );
  },
};

export const renegotiation: Check = {
  name: "A visitor can't make the site negotiate over and over",
  recipe: "recipe 2; known failure: CVE-2011-1473",
  async run(site) {
    const socket = await open(site, { maxVersion: "TLSv1.2", ALPNProtocols: ["http/1.1"] });
    const outcome = await new Promise<string>((resolve) => {
      const timer = setTimeout(() => resolve("no answer to it"), 3000);
      const tell = (text: string) => {
        clearTimeout(timer);
        resolve(text);
      };
      socket.once("error", () => tell("refused"));
      socket.once("close", () => tell("refused"));
      socket.renegotiate({ rejectUnauthorized: false }, (error) =>
        tell(error === null ? "negotiated again" : "refused"),
      );
    });
    socket.destroy();
    return none(outcome === "negotiated again" ? [outcome] : [], outcome, "refused");
  },
};

async function presented(site: Site): Promise<X509Certificate> {
  const certificate = await shake(site, {}, (socket) => socket.getPeerX509Certificate());
  if (certificate === undefined) throw new Error("no certificate");
  return certificate;
}

async function keyOf(site: Site): Promise<"ec" | "rsa"> {
  return (await presented(site)).publicKey.asymmetricKeyType === "rsa" ? "rsa" : "ec";
}

/** Looks at a connection after its handshake; undefined when the site refuses it. */
async function shake<T>(
  site: Site,
  options: Parameters<typeof open>[1],
  look: (socket: TLSSocket) => T,
): Promise<T | undefined> {
  try {
    const socket = await open(site, options);
    const seen = look(socket);
    socket.destroy();
    return seen;
  } catch (error) {
    if (isOurs(error)) throw error;
    return undefined;
  }
}

/** An error of our own side proves nothing about the other. */
function isOurs(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? `${error.code}` : "";
  return /NO_CIPHER|ECONNREFUSED|ERR_TLS_/.test(code);
}
