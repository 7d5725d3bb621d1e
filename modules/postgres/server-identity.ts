import type { SecretFile } from "../engine/workload.ts";
import type { Name } from "../values/name.ts";
import { Secret } from "../values/secret.ts";

/**
 * What a database server, its pooler and its replica prove to clients who they are by: one private key and one
 * certificate, which has the names of all three.
 */
export class ServerIdentity {
  readonly certificate: Secret;
  readonly #key: Secret;

  /** @param name of the server; `<name>-pooler` and `<name>-replica` are in the certificate too. */
  constructor(name: Name) {
    this.#key = Secret.privateKey(`${name}_key`);
    const hostnames = [name.text, `${name}-pooler`, `${name}-replica`];
    this.certificate = Secret.certificate(`${name}_certificate`, { key: this.#key, hostnames });
  }

  /** Files of a container that is such a server. */
  files(): readonly Required<SecretFile>[] {
    return [
      { secret: this.#key, path: "/run/secrets/server.key" },
      { secret: this.certificate, path: "/run/secrets/server.crt" },
    ];
  }
}
