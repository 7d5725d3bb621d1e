import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SLOW, SlowConnection } from "../../scripts/verify/slow-connection.ts";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";
import { visitors } from "./visitors.ts";

const PORTS = { http: 18170, https: 18570 };
const site = new Site(`${PROJECT_PREFIX}-slow`, PORTS, "test/e2e/stacks/slow-connections.ts", "slow");
const COUNT = 500;
/** Share that must have got in, for the test to mean something. */
const HELD = 0.95;
/** After which every one of them must have been cut. */
const SECONDS = 20;
const LARGE = { path: "/static/large.bin", file: "/srv/static/static/large.bin", bytes: 32 * 2 ** 20 };

/** Past the engine's proxy, which would take the answers that a visitor does not. */
async function endpointOf(edge: string) {
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
  const addresses = await docker("inspect", "--format", format, await site.container(edge));
  const [address = ""] = addresses.trim().split(" ");
  return { hostname: "localhost", address, ports: { https: 8443 } };
}

describe(`${COUNT} slow connections`, () => {
  beforeAll(async () => {
    await deployed(site);
    // The application inside of an edge has its files there.
    for (const node of ["hello", "mod-wsgi"]) {
      const script = `mkdir -p "$(dirname ${LARGE.file})" && head -c ${LARGE.bytes} /dev/zero > ${LARGE.file}`;
      await docker("exec", await site.container(node), "sh", "-c", script);
    }
  });
  afterAll(() => site.remove());

  test.each([
    "mod-proxy",
    "mod-wsgi",
    "fastcgi",
    "proxy",
  ])("to %s are cut, and keep nobody out", async (edge) => {
    const endpoint = await endpointOf(edge);
    const paths = { page: "/", large: LARGE.path };
    const all = Array.from({ length: COUNT / SLOW.length }, () =>
      SLOW.map((kind) => new SlowConnection(kind, endpoint, paths)),
    ).flat();
    const stop = visitors(2, `https://${endpoint.address}:${endpoint.ports.https}/`, {
      connect: { rejectUnauthorized: false },
      host: `${endpoint.hostname}:${endpoint.ports.https}`,
    });
    try {
      await sleep(5000);
      // On a busy machine a client of its own may come late.
      expect(all.filter(({ held }) => held).length, "held after 5 s").toBeGreaterThanOrEqual(HELD * COUNT);
      await sleep((SECONDS - 5) * 1000);
      const readers = all.filter(({ slow }) => slow === "reader");
      for (const reader of readers) reader.take();
      const { good, bad } = await stop();
      expect(bad).toEqual([]);
      expect(good).toBeGreaterThan(20);
      // What had been sent to a reader is still on the way.
      await sleep(5000);
      const late = all.filter(
        ({ slow, seconds = Number.POSITIVE_INFINITY }) => slow !== "reader" && seconds > SECONDS,
      );
      expect(late.map(({ slow, seconds }) => `${slow}: ${seconds}`)).toEqual([]);
      const served = readers.filter(({ seconds, taken }) => seconds === undefined || taken >= LARGE.bytes);
      expect(served.length, "readers that were not cut").toBe(0);
    } finally {
      await stop();
      for (const one of all) one.leave();
    }
  });
});
