import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ok } from "./run.ts";

const REQUIREMENTS = join(import.meta.dirname, "sslyze/requirements.txt");

/** What sslyze found out about a TLS port. Names of suites and curves are those of OpenSSL. */
export interface Scan {
  /** Suites that were agreed upon, by protocol; a protocol without any is not spoken. */
  readonly suites: Readonly<Record<string, readonly string[]>>;
  /** Only of those that the scanner knows, which is no curve of post-quantum cryptography. */
  readonly curves: readonly string[];
  /** Weaknesses by name, in the scanner's words; empty for a good site. */
  readonly weaknesses: readonly string[];
  /** How often a session was resumed by a ticket. */
  readonly ticketResumptions: number;
  readonly secureRenegotiation: boolean;
}

const PROTOCOLS = {
  ssl_2_0_cipher_suites: "SSLv2",
  ssl_3_0_cipher_suites: "SSLv3",
  tls_1_0_cipher_suites: "TLSv1",
  tls_1_1_cipher_suites: "TLSv1.1",
  tls_1_2_cipher_suites: "TLSv1.2",
  tls_1_3_cipher_suites: "TLSv1.3",
} as const;

const TESTS = [
  ..."sslv2 sslv3 tlsv1 tlsv1_1 tlsv1_2 tlsv1_3 compression early_data reneg resum heartbleed".split(" "),
  ..."openssl_ccs fallback robot elliptic_curves ems".split(" "),
].map((name) => `--${name}`);

/**
 * Has an independent scanner look at a TLS port of this machine, whatever serves there.
 * @param name the name that is asked for
 * @throws Error when a test of the scanner did not come to an end
 */
export async function scan(port: number, name: string): Promise<Scan> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-scan-"));
  try {
    const json = join(folder, "scan.json");
    const target = ["--sni", name, `127.0.0.1:${port}`];
    await ok(await sslyze(), [...TESTS, "--quiet", `--json_out=${json}`, ...target], { limit: 120 });
    return parseScan(readFileSync(json, "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The scanner in an environment of its own, which is kept until the requirements change. */
async function sslyze(): Promise<string> {
  const version = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 12);
  const folder = join(import.meta.dirname, "../../.slipway", `sslyze-${version}`);
  const program = join(folder, "bin/sslyze");
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    await ok("python3", ["-m", "venv", "--clear", folder]);
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-input"];
    await ok(join(folder, "bin/pip"), ["install", ...quiet, "--requirement", REQUIREMENTS], { limit: 180 });
  }
  return program;
}

function parseScan(json: string): Scan {
  const [first] = (JSON.parse(json) as Written).server_scan_results;
  const result = first?.scan_result;
  if (result === undefined || result === null) throw new Error(`nothing to scan: ${json.slice(0, 2000)}`);
  const of = <K extends keyof Result>(test: K): NonNullable<Result[K]["result"]> => {
    const found = result[test].result;
    if (found === null || found === undefined)
      throw new Error(`${test} did not end: ${JSON.stringify(result[test])}`);
    return found;
  };
  const bad: readonly [string, boolean][] = [
    ["compression", of("tls_compression").supports_compression],
    ["early data", of("tls_1_3_early_data").supports_early_data],
    ["heartbleed", of("heartbleed").is_vulnerable_to_heartbleed],
    ["CCS injection", of("openssl_ccs_injection").is_vulnerable_to_ccs_injection],
    ["renegotiation by the client", of("session_renegotiation").is_vulnerable_to_client_renegotiation_dos],
    ["no fallback SCSV", !of("tls_fallback_scsv").supports_fallback_scsv],
    ["no extended master secret", !of("tls_extended_master_secret").supports_ems_extension],
    ["ROBOT", !of("robot").robot_result.startsWith("NOT_VULNERABLE")],
  ];
  const suites = Object.entries(PROTOCOLS).map(([test, protocol]) => [
    protocol,
    of(test as keyof typeof PROTOCOLS)
      .accepted_cipher_suites.map(({ cipher_suite }) => cipher_suite.openssl_name)
      .sort(),
  ]);
  return {
    suites: Object.fromEntries(suites),
    curves: of("elliptic_curves")
      .supported_curves.map(({ name }) => (name === "secp256r1" ? "prime256v1" : name))
      .sort(),
    weaknesses: bad.flatMap(([weakness, found]) => (found ? [weakness] : [])),
    ticketResumptions: of("session_resumption").tls_ticket_successful_resumptions_count,
    secureRenegotiation: of("session_renegotiation").supports_secure_renegotiation,
  };
}

interface Outcome<T> {
  readonly result?: T | null;
}

type Suites = Outcome<{
  readonly accepted_cipher_suites: readonly { readonly cipher_suite: { readonly openssl_name: string } }[];
}>;

type Result = Record<keyof typeof PROTOCOLS, Suites> & {
  readonly tls_compression: Outcome<{ readonly supports_compression: boolean }>;
  readonly tls_1_3_early_data: Outcome<{ readonly supports_early_data: boolean }>;
  readonly heartbleed: Outcome<{ readonly is_vulnerable_to_heartbleed: boolean }>;
  readonly openssl_ccs_injection: Outcome<{ readonly is_vulnerable_to_ccs_injection: boolean }>;
  readonly tls_fallback_scsv: Outcome<{ readonly supports_fallback_scsv: boolean }>;
  readonly tls_extended_master_secret: Outcome<{ readonly supports_ems_extension: boolean }>;
  readonly robot: Outcome<{ readonly robot_result: string }>;
  readonly session_renegotiation: Outcome<{
    readonly supports_secure_renegotiation: boolean;
    readonly is_vulnerable_to_client_renegotiation_dos: boolean;
  }>;
  readonly session_resumption: Outcome<{ readonly tls_ticket_successful_resumptions_count: number }>;
  readonly elliptic_curves: Outcome<{ readonly supported_curves: readonly { readonly name: string }[] }>;
};

interface Written {
  readonly server_scan_results: readonly { readonly scan_result: Result | null }[];
}
