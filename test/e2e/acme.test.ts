import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestAuthority } from "../support/certificates.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { handshake } from "./handshake.ts";
import { Pebble } from "./pebble/pebble.ts";
import { docker, until } from "./run.ts";
import { Site } from "./site.ts";
import { visitors } from "./visitors.ts";

const PORTS = { http: 18140, https: 18490 };
const NAME = "shop.slipway.test";
const PROJECT = `${PROJECT_PREFIX}-acme`;
const site = new Site(PROJECT, PORTS, "test/e2e/stacks/tls.ts", "tls");
const folder = join(site.directory, "pebble");

describe.each([
  { server: "apache", seconds: 40 },
  // A client asks for it, and lighttpd does not serve what has ended.
  { server: "lighttpd", seconds: 69 },
])("a certificate by ACME for $server", ({ server, seconds }) => {
  let context: Record<string, unknown>;
  let pebble: Pebble;
  let root: string;

  beforeAll(async () => {
    await Pebble.build();
    const authority = new TestAuthority(join(site.directory, "authority"));
    const acme = {
      email: "webmaster@slipway.test",
      directory: Pebble.directory,
      authority: authority.certificate,
    };
    context = {
      tls: { hostname: NAME, ports: PORTS },
      certificate: JSON.stringify({ acme }),
      servers: JSON.stringify([server]),
    };
    // The authority is on the network of the edge, before the edge is.
    await site.synth(context);
    await site.terraform("init", "-no-color");
    const network = await site.terraform(
      "apply",
      "-auto-approve",
      "-no-color",
      "-target=docker_network.edge",
    );
    expect(network.code, network.output).toBe(0);
    pebble = await Pebble.start({
      authority,
      folder,
      network: `${PROJECT}-tls-edge`,
      project: PROJECT,
      ports: { management: 18144, names: 18145 },
      knocksAt: { http: 8080, https: 8443 },
      // Pebble proposes to renew at any time in the life of what is that short.
      validitySeconds: seconds,
    });
    root = await pebble.root();
    await deployed();
  });
  afterAll(() => site.remove());

  const deployed = async () => {
    const { code, output } = await site.deploy(context);
    // It waits until the containers are healthy.
    expect(code, output).toBe(0);
  };
  const served = async () => (await handshake(PORTS.https, { servername: NAME })).certificate;
  const trusted = async () => (await handshake(PORTS.https, { servername: NAME, ca: root })).trusted;
  const address = async () => {
    const networks = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
    const [first = ""] = (await docker("inspect", "--format", networks, await site.container("edge"))).split(
      " ",
    );
    return first;
  };

  test("is asked for until the authority can reach the site; visitors are served all the time", async () => {
    expect((await served()).issuer).toBe(`CN=${NAME}`);
    await pebble.lead(await address());
    await until("the edge has a certificate of the authority", 120, trusted);
    const certificate = await served();
    expect(certificate.checkHost(NAME)).toBe(NAME);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
  });

  test("is renewed again and again, and no visitor notices", async () => {
    const serials = new Set<string>();
    const stop = visitors(4, `https://127.0.0.1:${PORTS.https}/`, {
      connect: { ca: root, servername: NAME },
      host: NAME,
    });
    await until("two renewals", 180, async () => {
      serials.add((await served()).serialNumber);
      return serials.size > 2;
    });
    const { good, bad } = await stop();
    expect(bad).toEqual([]);
    expect(good).toBeGreaterThan(100);
  });

  test("outlives the container", async () => {
    // It is fresh, and nobody is there to sign another one.
    await pebble.remove();
    await docker("rm", "--force", await site.container("edge"));
    await deployed();
    expect((await served()).issuer).toContain("Pebble");
  });

  test.runIf(server === "lighttpd")("that has ended is not served, and ends no site", async () => {
    const folder = "/var/lib/slipway/certificate";
    const ended = [
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=ended -keyout /tmp/key",
      "-out /tmp/chain -not_before 20200101000000Z -not_after 20200102000000Z",
      `&& cat /tmp/key /tmp/chain > ${folder}/new && mv ${folder}/new ${folder}/site.pem`,
    ].join(" ");
    await docker("exec", await site.container("edge-acme"), "sh", "-c", ended);
    const own = async () => (await served()).issuer === `CN=${NAME}`;
    await until("the edge serves its own certificate", 20, own);
    await docker("restart", await site.container("edge"));
    await site.allHealthy();
    expect(await own()).toBe(true);
  });
});
