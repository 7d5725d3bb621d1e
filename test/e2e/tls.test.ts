import { X509Certificate } from "node:crypto";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { INTERMEDIATE } from "../../modules/tls/profile.ts";
import { type Issued, TestAuthority } from "../support/certificates.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { handshake } from "./handshake.ts";
import { docker, run } from "./run.ts";
import { scan } from "./scan.ts";
import { Site } from "./site.ts";
import { visitors } from "./visitors.ts";

const PORTS = { http: 18141, https: 18491 };
const EDGES = [
  { server: "apache", node: "edge", port: PORTS.https },
  { server: "lighttpd", node: "lighttpd", port: PORTS.https + 1 },
];
const NAMES = ["DNS:localhost", "IP:127.0.0.1"];
const site = new Site(`${PROJECT_PREFIX}-tls`, PORTS, "test/e2e/stacks/tls.ts", "tls");
const folder = join(site.directory, "certificates");
/** The files that the stack names; what is in them changes. */
const files = { chain: join(folder, "live-chain.pem"), key: join(folder, "live-key.pem") };

function install({ certificate, key }: Issued): void {
  cpSync(certificate, files.chain);
  cpSync(key, files.key);
}

const deploy = () =>
  site.deploy({
    certificate: JSON.stringify({ files }),
    servers: JSON.stringify(EDGES.map(({ server }) => server)),
  });
const serial = (path: string) => new X509Certificate(readFileSync(path)).serialNumber;
const served = async () =>
  (await handshake(PORTS.https, { servername: "localhost" })).certificate.serialNumber;

describe("TLS of the edge", () => {
  let authority: TestAuthority;

  beforeAll(async () => {
    authority = new TestAuthority(folder);
    install(authority.issue("first", NAMES));
    const { code, output } = await deploy();
    expect(code, output).toBe(0);
    await site.allHealthy();
  });
  afterAll(() => site.remove());

  test.each(EDGES)("is exactly the intermediate profile, says an independent scanner of $server", async ({
    port,
  }) => {
    const { protocols, ciphers, suites, curves } = INTERMEDIATE;
    const found = await scan(port, "localhost");
    expect(found.suites).toEqual({
      SSLv2: [],
      SSLv3: [],
      TLSv1: [],
      "TLSv1.1": [],
      // The key of the certificate is one for ECDSA.
      "TLSv1.2": ciphers.filter((name) => name.startsWith("ECDHE-ECDSA-")).toSorted(),
      "TLSv1.3": suites.toSorted(),
    });
    expect(Object.keys(found.suites)).toEqual(expect.arrayContaining([...protocols]));
    expect(found.curves).toEqual(curves.filter((name) => name !== "X25519MLKEM768").toSorted());
    expect(found).toMatchObject({ weaknesses: [], ticketResumptions: 0, secureRenegotiation: true });
  });

  test.each(
    EDGES,
  )("agrees upon a post-quantum key with those who can, and upon none that the profile lacks: $server", async ({
    node,
  }) => {
    const ask = async (group: string) => {
      const client = `openssl s_client -connect 127.0.0.1:8443 -servername localhost -groups ${group} </dev/null`;
      return (await run("docker", ["exec", await site.container(node), "sh", "-c", client])).output;
    };
    expect(await ask("X25519MLKEM768")).toContain("Negotiated TLS1.3 group: X25519MLKEM768");
    expect(await ask("secp521r1")).toContain("handshake failure");
  });

  test("a renewed certificate reaches the container that runs, and no visitor notices", async () => {
    const id = async () =>
      docker("inspect", "--format", "{{.Id}} {{.State.StartedAt}}", await site.container("edge"));
    const before = await id();
    const stop = visitors(4, `${site.https}/`, { connect: { ca: readFileSync(authority.certificate) } });
    const second = authority.issue("second", NAMES);
    install(second);
    const { code, output } = await deploy();
    const { good, bad } = await stop();
    expect(code, output).toBe(0);
    expect(await served()).toBe(serial(second.certificate));
    expect(await id()).toBe(before);
    expect(bad).toEqual([]);
    expect(good).toBeGreaterThan(50);
  });

  test("a key of another certificate is refused before anything is touched", async () => {
    const before = await served();
    cpSync(authority.issue("third", NAMES).key, files.key);
    const { code, output } = await deploy();
    expect(code).toBe(1);
    expect(output).toMatch(/Invalid certificate in .*live-chain\.pem.*another key.*live-key\.pem/);
    expect(output).not.toMatch(/^ +at /m);
    expect(await served()).toBe(before);
  });

  test("the key is in no synthesized file, and can be read by the server alone", async () => {
    const [line = ""] = readFileSync(files.key, "utf8").split("\n").slice(1);
    expect(line.length).toBeGreaterThan(40);
    const written = readdirSync(site.outdir, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes(".terraform"))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(written.length).toBeGreaterThan(5);
    expect(written.filter((file) => readFileSync(file, "utf8").includes(line))).toEqual([]);
    const read = ["exec", "--user", "4242:4242", await site.container("edge"), "cat", "/run/secrets/tls-key"];
    expect((await run("docker", read)).output).toContain("Permission denied");
  });
});
