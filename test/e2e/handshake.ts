import type { X509Certificate } from "node:crypto";
import { type ConnectionOptions, connect } from "node:tls";

/** A certificate as it was served, and whether a browser that knows the given issuers would take it. */
export interface Served {
  readonly certificate: X509Certificate;
  readonly trusted: boolean;
}

/** Shakes hands with a port of this machine, at most for five seconds. */
export function handshake(port: number, options: ConnectionOptions = {}): Promise<Served> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, timeout: 5000, ...options });
    socket.once("secureConnect", () => {
      const certificate = socket.getPeerX509Certificate();
      const trusted = socket.authorized;
      socket.destroy();
      if (certificate === undefined) reject(new Error(`no certificate at port ${port}`));
      else resolve({ certificate, trusted });
    });
    socket.once("timeout", () => socket.destroy(new Error(`no handshake at port ${port}`)));
    socket.once("error", reject);
  });
}
