import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PROJECT_PREFIX } from "./global-setup.ts";
import { docker, run, until } from "./run.ts";
import { Site } from "./site.ts";
import { deployed } from "./sites.ts";

/** Each mode has the next port of http and of https. */
const PORTS = { http: 18150, https: 18500, admin: 18505 };
const MODES = ["disabled", "over-tls", "through-tunnel"] as const;
const site = new Site(`${PROJECT_PREFIX}-admin`, PORTS, "test/e2e/stacks/admin.ts", "admin");

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Asks with the path exactly as it is written. */
function ask(
  scheme: "http" | "https",
  port: number,
  path: string,
  host = `127.0.0.1:${port}`,
): Promise<Answer> {
  const request = scheme === "http" ? plainRequest : tlsRequest;
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path, headers: { host }, rejectUnauthorized: false, timeout: 10_000 },
      (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text) => {
          body += text;
        });
        answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", reject);
    sent.end();
  });
}

const https = (mode: (typeof MODES)[number], path: string) =>
  ask("https", PORTS.https + MODES.indexOf(mode), path);
const http = (mode: (typeof MODES)[number], path: string) =>
  ask("http", PORTS.http + MODES.indexOf(mode), path);

/** The administration, by every way of writing it that some server or framework follows. */
const ADMIN = [
  "/admin",
  "/admin/",
  "/admin/default/index",
  "/admin?x=/static/a.css",
  "/appadmin",
  "/appadmin/index/db",
  "/welcome/appadmin",
  "/welcome/appadmin/insert/db/auth_user",
  "/shop/admin",
  "/shop/appadmin/index",
  "/shop/welcome/appadmin",
  "/ADMIN",
  "/Welcome/AppAdmin/index",
  "/%61dmin",
  "/%61%64%6d%69%6e/default",
  "/%2561dmin",
  "/%252561dmin",
  "/welcome/%61ppadmin",
  "/welcome/%2561ppadmin",
  "/welcome%5cappadmin",
  "/welcome\\appadmin",
  "/welcome%255cappadmin",
  "/welcome%252fappadmin",
  "//admin",
  "///admin//default",
  "/welcome//appadmin",
  "/./admin",
  "/.//admin",
  "/%2e/admin",
  "/x/../admin",
  "/x/%2e%2e/admin",
  "/x/..%2fadmin",
  "/x/..//admin",
  "/static/../admin",
  "/shop/../admin",
  "/shop/../shop/./admin",
  "/admin%2f",
  "/admin%0a",
  "/welcome/appadmin%0a",
  "/admin%0d%0a",
  "/admin%00",
  "http://127.0.0.1/admin",
  "https://127.0.0.1//%61dmin",
];
/** What looks like it and is the team's own. */
const OWN = [
  "/",
  "/administration",
  "/admins",
  "/xadmin",
  "/appadministration",
  "/about/admin",
  "/100%25",
  "/wiki/of/the/a%2541",
  "/a/b/appadmin",
];

describe("the administration", () => {
  beforeAll(() => deployed(site));
  afterAll(() => site.remove());

  test.each([
    "disabled",
    "through-tunnel",
  ] as const)("%s: not there, however its path is written", async (mode) => {
    for (const path of ADMIN) {
      const { status, body } = await https(mode, path);
      expect([400, 404], `${path}: ${status} ${body}`).toContain(status);
      expect(body, path).not.toContain("reached");
      const plain = await http(mode, path);
      expect([400, 404], `${path}: ${plain.status} by http`).toContain(plain.status);
    }
    expect((await https(mode, "/admin")).status).toBe(404);
  });

  test("over TLS: there, and refused by plain http", async () => {
    for (const path of ["/admin", "/admin/default/index", "/welcome/appadmin", "/shop/appadmin"]) {
      expect((await https("over-tls", path)).body).toBe(`reached ${path}`);
    }
    for (const path of ADMIN) {
      const { status, headers } = await http("over-tls", path);
      expect([400, 403, 404], `${path}: ${status} to ${headers.location}`).toContain(status);
    }
    expect((await http("over-tls", "/admin")).status).toBe(403);
  });

  test.each(MODES)("%s: everything else is there, and by plain http redirected", async (mode) => {
    for (const path of OWN) {
      expect((await https(mode, path)).body, path).toBe(`reached ${decodeURIComponent(path)}`);
      const { status, headers } = await http(mode, path);
      expect({ status, location: headers.location }, path).toMatchObject({
        status: 308,
        location: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+\//),
      });
    }
  });

  test("HTTP/2 makes no difference", async () => {
    const found = await Promise.all(
      ["/admin", "//%61dmin", "/x/../admin"].map((path) =>
        run("curl", [
          ..."--silent --insecure --http2 --path-as-is --write-out %{http_version}-%{http_code} --output /dev/null".split(
            " ",
          ),
          `${site.https}${path}`,
        ]),
      ),
    );
    expect(found.map(({ output }) => output)).toEqual(["2-404", "2-404", "2-404"]);
  });

  test("a Host header with the port of the tunnel opens nothing", async () => {
    const port = PORTS.https + MODES.indexOf("through-tunnel");
    for (const host of ["localhost", `localhost:${PORTS.admin}`, "localhost:8444", "127.0.0.1:8444"]) {
      expect((await ask("https", port, "/admin", host)).status, host).toBe(404);
    }
  });

  test("cookies are kept off plain http, once", async () => {
    const { headers } = await https("over-tls", "/admin");
    expect(headers["set-cookie"]).toEqual(["plain=1; Path=/; HttpOnly; Secure", "secured=1; secure; Path=/"]);
  });

  describe("at the end of the tunnel", () => {
    test("the site and its administration are there, under the names of the site and as localhost", async () => {
      for (const host of ["localhost", "127.0.0.1"].map((name) => `${name}:${PORTS.admin}`)) {
        for (const path of ["/", "/admin", "/shop/appadmin/index"])
          expect((await ask("https", PORTS.admin, path, host)).body).toBe(`reached ${path}`);
      }
      expect((await ask("https", PORTS.admin, "/admin", "attacker.example.org")).status).toBe(421);
    });

    test("it is published on the loopback address alone, by no other edge", async () => {
      const bindings = (await site.containers()).map(({ Name, HostConfig }) => ({
        edge: Name.replace(/^.*admin-admin-/, ""),
        tunnel: HostConfig.PortBindings?.["8444/tcp"],
      }));
      expect(bindings.filter(({ tunnel }) => tunnel !== undefined)).toEqual([
        { edge: "through-tunnel", tunnel: [{ HostIp: "127.0.0.1", HostPort: String(PORTS.admin) }] },
      ]);
    });

    test("it is not asked for TLS by name for years: localhost belongs to others as well", async () => {
      const { headers } = await ask("https", PORTS.admin, "/", `localhost:${PORTS.admin}`);
      expect(headers["strict-transport-security"]).toBeUndefined();
    });
  });

  describe("npm run admin", () => {
    test("prints the addresses where the engine is this machine", async () => {
      const { code, output } = await site.verb("admin", ["admin"]);
      expect(code, output).toBe(0);
      expect(output).toContain(`https://localhost:${PORTS.https + 1}/admin`);
      expect(output).toContain(`https://localhost:${PORTS.admin}/admin`);
      expect(output).toContain(`https://localhost:${PORTS.admin}/shop/appadmin`);
      expect(output).not.toContain(`:${PORTS.https}/`);
      expect(output).not.toContain("*");
    });

    test("holds a tunnel where it is elsewhere, until Ctrl-C", async () => {
      const folder = fakeSsh();
      const here = 18_504;
      const child = spawn("node", ["--import", "tsx", "scripts/admin.ts", "admin", "--port", `${here}`], {
        env: {
          ...process.env,
          ...site.env(),
          PATH: `${folder}:${process.env.PATH}`,
          DOCKER_HOST: "ssh://ops@engine.example.org:2222",
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      try {
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
          stream.on("data", (data) => {
            output += data;
          });
        }
        await until("the tunnel is open", 30, async () => output.includes("Ctrl-C"));
        expect(output).toContain(
          `ssh -N -o ControlPath=none -o BatchMode=no -o ExitOnForwardFailure=yes -o ServerAliveInterval=30 -p 2222 -L 127.0.0.1:${here}:127.0.0.1:${PORTS.admin} -- ops@engine.example.org`,
        );
        expect(output).toContain(`https://localhost:${here}/admin`);
        expect((await ask("https", here, "/admin", `localhost:${here}`)).body).toBe("reached /admin");
        const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
        child.kill("SIGINT");
        expect(await ended).toBe(0);
        await expect(ask("https", here, "/admin", `localhost:${here}`)).rejects.toThrow(/ECONNREFUSED/);
      } finally {
        child.kill("SIGTERM");
        rmSync(folder, { recursive: true });
      }
    });

    test("opens no tunnel at a port where another edge would answer", async () => {
      const { code, output } = await site.verb("admin", ["admin"], {
        DOCKER_HOST: "ssh://engine.example.org",
      });
      expect(code).toBe(1);
      expect(output).toMatch(/127\.0\.0\.1:18505.*--port/s);
      expect(output).not.toContain("https://localhost:18505");
    });

    test("tells what ssh could not do", async () => {
      const folder = fakeSsh("process.exit(255)");
      const { code, output } = await site.verb("admin", ["admin", "--port", "18504"], {
        PATH: `${folder}:${process.env.PATH}`,
        DOCKER_HOST: "ssh://engine.example.org",
      });
      rmSync(folder, { recursive: true });
      expect(code).toBe(1);
      expect(output).toMatch(/ssh ended.*255/s);
      expect(output).not.toMatch(/^\s+at /m);
    });

    test("tells that an edge does not answer, and what to do", async () => {
      const edge = await site.container("through-tunnel");
      await docker("pause", edge);
      try {
        const { code, output } = await site.verb("admin", ["admin"]);
        expect(code).toBe(1);
        expect(output).toMatch(/admin\/through-tunnel does not answer.*npm run status -- admin/s);
      } finally {
        await docker("unpause", edge);
      }
    });
  });
});

/** A folder with an `ssh` that prints its arguments and leads each port to where -L says, on this machine. */
function fakeSsh(body = FORWARD): string {
  const folder = mkdtempSync(join(tmpdir(), "slipway-ssh-"));
  const file = join(folder, "ssh");
  writeFileSync(file, `#!${process.execPath}\n${body}\n`);
  chmodSync(file, 0o755);
  return folder;
}

const FORWARD = `
const { connect, createServer } = require("node:net");
const words = process.argv.slice(2);
console.log(["ssh", ...words].join(" "));
const [address, here, host, there] = words[words.indexOf("-L") + 1].split(":");
createServer((from) => {
  const to = connect(Number(there), host);
  for (const socket of [from, to]) socket.on("error", () => { from.destroy(); to.destroy(); });
  from.pipe(to).pipe(from);
}).listen(Number(here), address);
`;
