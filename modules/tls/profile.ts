/**
 * The intermediate profile of Mozilla's server-side TLS guidelines, version 6.0, which is that of 5.8 as well:
 * https://ssl-config.mozilla.org/guidelines/6.0.json. Names are those of OpenSSL.
 *
 * Its stapling of OCSP answers depends on the certificate: where the issuer names no responder there is nothing to staple,
 * as with Let's Encrypt since 2025 (https://letsencrypt.org/2024/12/05/ending-ocsp).
 */
export const INTERMEDIATE = {
  protocols: ["TLSv1.2", "TLSv1.3"],
  /** Of TLS 1.2; those of TLS 1.3 are the three that OpenSSL has switched on. */
  ciphers: [
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
  ],
  suites: ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"],
  curves: ["X25519MLKEM768", "X25519", "prime256v1", "secp384r1"],
  /** How long browsers are told to come back by TLS only, in seconds. */
  strictTransport: 63_072_000,
} as const;

/** Keys that certificates of the profile may have. */
export const CERTIFICATE_KEYS = "RSA of 2048 bits or more, or ECDSA on P-256 or P-384";
