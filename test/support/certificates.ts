import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

/** A certificate and its key as files. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

const CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];

/** An authority of the tests, in a folder of its own. */
export class TestAuthority {
  readonly certificate: string;
  readonly #folder: string;
  readonly #key: string;

  constructor(folder: string, name = "Authority of the tests") {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.certificate = join(folder, "authority.pem");
    this.#key = join(folder, "authority-key.pem");
    openssl([
      "req",
      "-x509",
      ...CURVE,
      "-nodes",
      "-days",
      "30",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      this.#key,
      "-out",
      this.certificate,
    ]);
  }

  /** Signs for names, such as `DNS:shop.example.org` and `IP:127.0.0.1`, which are in force for 20 days. */
  issue(
    file: string,
    names: readonly string[],
    options: { readonly newKey?: readonly string[]; readonly extensions?: string } = {},
  ): Issued {
    const path = (suffix: string) => join(this.#folder, `${file}${suffix}`);
    const [certificate, key, request, extensions] = [
      path(".pem"),
      path("-key.pem"),
      path(".csr"),
      path(".cnf"),
    ];
    writeFileSync(extensions, `subjectAltName=${names.join(",")}\n${options.extensions ?? ""}`);
    openssl([
      "req",
      "-new",
      ...(options.newKey ?? CURVE),
      "-nodes",
      "-subj",
      `/CN=${file}`,
      "-keyout",
      key,
      "-out",
      request,
    ]);
    openssl([
      "x509",
      "-req",
      "-in",
      request,
      "-CA",
      this.certificate,
      "-CAkey",
      this.#key,
      "-CAcreateserial",
      "-days",
      "20",
      "-extfile",
      extensions,
      "-out",
      certificate,
    ]);
    return { certificate, key };
  }

  /** A file with certificates one after another. */
  chain(file: string, ...certificates: readonly string[]): string {
    const path = join(this.#folder, file);
    writeFileSync(path, certificates.map((one) => readFileSync(one, "utf8")).join(""));
    return path;
  }
}

/** A certificate for names, with its key, as `Tls.files` takes them; removed after the test. */
export function certificateFiles(names: readonly string[] = ["DNS:shop.example.org"]): {
  readonly chain: string;
  readonly key: string;
} {
  const { certificate, key } = new TestAuthority(temporaryFolder()).issue("site", names);
  return { chain: certificate, key };
}

function openssl(args: readonly string[]): void {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}
