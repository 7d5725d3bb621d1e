import { INTERMEDIATE } from "../../tls/profile.ts";
import type { Site, SiteAcme } from "../site.ts";

/** What holds for all virtual hosts. */
export function tlsProfile({ staple = false, acme, listen }: Site): string {
  const { protocols, ciphers, suites, curves } = INTERMEDIATE;
  return `SSLProtocol -all ${protocols.map((one) => `+${one}`).join(" ")}
SSLCipherSuite ${ciphers.join(":")}
SSLCipherSuite TLSv1.3 ${suites.join(":")}
SSLOpenSSLConfCmd Curves ${curves.join(":")}
SSLHonorCipherOrder Off
SSLSessionTickets Off
SSLSessionCache shmcb:/run/apache2/tls-sessions(512000)
${staple ? "SSLUseStapling On\nSSLStaplingCache shmcb:/run/apache2/tls-status(128000)\nSSLStaplingResponderTimeout 5\nSSLStaplingReturnResponderErrors Off\n" : ""}${acme ? managedDomain(acme, listen) : ""}`;
}

/**
 * mod_md asks the authority. A certificate of its own is loaded after the self-signed one, whose place it takes: both have
 * the same kind of key. Ports are those of the container for the ports that an authority knocks at.
 */
function managedDomain(
  { directory, email, names, store, authority }: SiteAcme,
  { http, https }: Site["listen"],
): string {
  return `
MDomain ${names.join(" ")}
MDMembers manual
MDCertificateAuthority ${directory}
${authority === undefined ? "" : `MDCACertificateFile ${authority}\n`}MDCertificateAgreement accepted
MDContactEmail ${email}
MDStoreDir ${store}
MDPrivateKeys secp256r1
MDRenewMode always
MDRenewWindow 33%
MDCAChallenges http-01 tls-alpn-01
MDPortMap http:${http} https:${https}
# Where the issuer names a responder.
MDStapling On
MDServerStatus Off
MDCertificateStatus Off
MDMessageCmd /usr/local/bin/certificate-event
`;
}

/** For each virtual host that speaks TLS. */
export function tlsEngine({ certificate }: Site): string {
  return `  SSLEngine On
  SSLCertificateFile ${certificate.chain}
  SSLCertificateKeyFile ${certificate.key}`;
}
