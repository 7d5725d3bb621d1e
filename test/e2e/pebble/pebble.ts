import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import type { TestAuthority } from "../../support/certificates.ts";
import { docker, ok, until } from "../run.ts";

const HERE = import.meta.dirname;
/** Kept between runs: Go looks for itself whether they are those of go.sum. */
const PROGRAMS = join(HERE, "../../../.slipway/pebble");
const COMMANDS = ["pebble", "pebble-challtestsrv"];

export interface PebbleOptions {
  /** Signs for the directory's own address. */
  readonly authority: TestAuthority;
  /** Where its context is put together. */
  readonly folder: string;
  /** Network of the edge, on which it is called `pebble`. */
  readonly network: string;
  /** Label that the test cleans up by. */
  readonly project: string;
  /** Ports of this machine for what tests ask it. */
  readonly ports: { readonly management: number; readonly names: number };
  /** Ports of the edge for ports 80 and 443 of a host. */
  readonly knocksAt: { readonly http: number; readonly https: number };
  /** How long what it signs is in force. */
  readonly validitySeconds: number;
}

/** Pebble, the small ACME server of Let's Encrypt for tests, with a server of names that says what tests want. */
export class Pebble {
  static readonly directory = "https://pebble:14000/dir";
  readonly #options: PebbleOptions;

  private constructor(options: PebbleOptions) {
    this.#options = options;
  }

  /** Builds the programs with Go; takes a minute the first time. */
  static async build(): Promise<void> {
    mkdirSync(PROGRAMS, { recursive: true });
    await ok(
      "go",
      [
        ..."build -mod=readonly -trimpath -o".split(" "),
        `${PROGRAMS}/`,
        ...COMMANDS.map((name) => `github.com/letsencrypt/pebble/v2/cmd/${name}`),
      ],
      { cwd: HERE, env: { CGO_ENABLED: "0", GOWORK: "off" }, limit: 600 },
    );
  }

  static async start(options: PebbleOptions): Promise<Pebble> {
    const { authority, folder, network, project, ports, knocksAt, validitySeconds } = options;
    mkdirSync(folder, { recursive: true });
    for (const name of COMMANDS) cpSync(join(PROGRAMS, name), join(folder, name));
    const { certificate, key } = authority.issue("pebble", ["DNS:pebble", "DNS:localhost"]);
    cpSync(certificate, join(folder, "directory.pem"));
    cpSync(key, join(folder, "directory-key.pem"));
    cpSync(join(HERE, "Dockerfile"), join(folder, "Dockerfile"));
    const config = {
      listenAddress: "0.0.0.0:14000",
      managementListenAddress: "0.0.0.0:15000",
      certificate: "/directory.pem",
      privateKey: "/directory-key.pem",
      httpPort: knocksAt.http,
      tlsPort: knocksAt.https,
      ocspResponderURL: "",
      externalAccountBindingRequired: false,
      retryAfter: { authz: 1, order: 1 },
      keyAlgorithm: "ecdsa",
      profiles: { default: { description: "that of the test", validityPeriod: validitySeconds } },
    };
    writeFileSync(join(folder, "config.json"), JSON.stringify({ pebble: config }));
    await docker("build", "--quiet", "--tag", `${project}/pebble`, folder);
    const common = ["run", "--detach", "--label", `slipway.project=${project}`];
    // The two share an address, so that one asks the other at the loopback.
    await docker(
      ...[...common, "--name", `${project}-pebble`, "--network", network, "--network-alias", "pebble"],
      ...["--publish", `127.0.0.1:${ports.management}:15000`, "--publish", `127.0.0.1:${ports.names}:8055`],
      ...["--env", "PEBBLE_VA_NOSLEEP=1", "--env", "PEBBLE_AUTHZREUSE=0", `${project}/pebble`],
    );
    await docker(
      ...[...common, "--name", `${project}-names`, "--network", `container:${project}-pebble`],
      ...[`${project}/pebble`, "/pebble-challtestsrv", "-defaultIPv6", ""],
      ...["-http01", "", "-https01", "", "-tlsalpn01", "", "-doh", ""],
    );
    return new Pebble(options);
  }

  /** Every name leads there from now on. */
  async lead(address: string): Promise<void> {
    const { names } = this.#options.ports;
    await until("the server of names answers", 20, async () => {
      const body = JSON.stringify({ ip: address });
      const url = `http://127.0.0.1:${names}/set-default-ipv4`;
      return (await request(url, { method: "POST", body }).catch(() => undefined))?.statusCode === 200;
    });
  }

  /** The certificate that browsers would have to know, in PEM. */
  async root(): Promise<string> {
    const { authority, ports } = this.#options;
    const url = `https://localhost:${ports.management}/roots/0`;
    return ok("curl", [..."--silent --show-error --fail --cacert".split(" "), authority.certificate, url]);
  }

  async remove(): Promise<void> {
    const { project } = this.#options;
    await docker("rm", "--force", `${project}-pebble`, `${project}-names`);
  }
}
