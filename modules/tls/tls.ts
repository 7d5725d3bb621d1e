import { type Acme, type AcmeOptions, acme } from "./acme.ts";
import { CertificateFiles } from "./certificate-files.ts";

/** Where a certificate comes from. Each kind of edge says which of them it can use. */
export type Certificate = "self-signed" | "files" | "acme";

/** Where the certificate of an edge comes from. */
export class Tls<C extends Certificate = Certificate> {
  readonly certificate: C;
  /** The chain and its key, when they come from files. */
  readonly files: CertificateFiles | undefined;
  /** The authority, when the edge asks one itself. */
  readonly acme: Acme | undefined;

  private constructor(certificate: C, from: { files?: CertificateFiles; acme?: Acme } = {}) {
    this.certificate = certificate;
    this.files = from.files;
    this.acme = from.acme;
    Object.freeze(this);
  }

  /**
   * A certificate that the edge makes once, on first start, and keeps on a volume: its key never leaves the host.
   * Browsers warn about it, so it is for development.
   */
  static selfSigned(): Tls<"self-signed"> {
    return new Tls("self-signed");
  }

  /**
   * A chain and its key as PEM files of the machine that deploys. What changed in them is taken over by the running edge
   * with the next deploy. They are read when the stack is written, and refused when a browser would refuse them.
   */
  static files(paths: { readonly chain: string; readonly key: string }): Tls<"files"> {
    return new Tls("files", { files: new CertificateFiles(paths) });
  }

  /**
   * A certificate that the edge gets from an authority by ACME (RFC 8555), and renews by itself when a third of its life
   * is left. Until the first one is there, which takes seconds, visitors meet a self-signed one.
   *
   * To get one is to accept the terms of the authority.
   * @throws InvalidValue for an address or a directory that cannot be one
   */
  static acme(options: AcmeOptions): Tls<"acme"> {
    return new Tls("acme", { acme: acme(options) });
  }
}
