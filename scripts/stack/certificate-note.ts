import type { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import type { PublicAddress } from "../../modules/environment/target.ts";
import type { Container } from "./containers.ts";
import { reachedAt } from "./reached-at.ts";

const MILLISECONDS = 2000;
const DAY = 86_400_000;
export const SELF_SIGNED = "self-signed certificate: the browser asks once, curl needs --insecure";
/** Authorities that sign for 90 days have one renewed when 30 are left. */
const SOON = 14;

/** What a visitor should know about the certificate that a site serves; empty when all is well, or nothing answers. */
export async function certificateNote(
  target: PublicAddress,
  { certificate, host }: Pick<Container, "certificate" | "host">,
): Promise<string> {
  const served = await certificateOf({ ...target, address: reachedAt(target.address, host) }).catch(
    () => undefined,
  );
  return served === undefined ? "" : judgeCertificate(served, certificate);
}

/** @param declared where the certificate should come from */
export function judgeCertificate(
  served: Pick<X509Certificate, "validTo" | "issuer" | "subject">,
  declared: Container["certificate"],
  now = Date.now(),
): string {
  const days = Math.floor((Date.parse(served.validTo) - now) / DAY);
  if (days < 0) return `the certificate ended on ${served.validTo}`;
  if (served.issuer === served.subject) {
    return declared === "acme"
      ? "the authority has not signed a certificate yet: browsers warn, and the edge's logs tell why"
      : SELF_SIGNED;
  }
  return days < SOON ? `the certificate ends in ${days} days, on ${served.validTo}` : "";
}

function certificateOf({ address, hostname, ports }: PublicAddress): Promise<X509Certificate | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port: ports.https.number,
      // Only looked at.
      rejectUnauthorized: false,
      ...(!hostname.isAddress && { servername: hostname.text }),
      timeout: MILLISECONDS,
    });
    socket.once("secureConnect", () => {
      resolve(socket.getPeerX509Certificate());
      socket.destroy();
    });
    socket.once("timeout", () => socket.destroy(new Error("no answer")));
    socket.once("error", reject);
  });
}
