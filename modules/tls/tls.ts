import { Secret } from "../values/secret.ts";

/** Where the certificate of an edge comes from. */
export class Tls {
  readonly certificate: "self-signed" | "files";
  /** The chain and its key, when they come from files. */
  readonly files: { readonly chain: Secret; readonly key: Secret } | undefined;

  private constructor(certificate: "self-signed" | "files", files?: { chain: Secret; key: Secret }) {
    this.certificate = certificate;
    this.files = files;
    Object.freeze(this);
  }

  /**
   * A certificate that the edge makes once, on first start, and keeps on a volume: its key never leaves the host.
   * Browsers warn about it, so it is for development.
   */
  static selfSigned(): Tls {
    return new Tls("self-signed");
  }

  /** A chain and its key as PEM files of the machine that deploys. */
  static files(paths: { readonly chain: string; readonly key: string }): Tls {
    return new Tls("files", {
      chain: Secret.fromFile("tls-chain", paths.chain),
      key: Secret.fromFile("tls-key", paths.key),
    });
  }
}
