import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WINDOWS } from "../../modules/hosts/windows/windows.ts";
import { exported, hello } from "../support/exported-stack.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { docker, ok, run } from "./run.ts";

/**
 * There is no Windows here. A real Apache with mod_wsgi reads what is exported for one, with `C:/` mapped to a folder: all
 * but the drive is as it would be there.
 */
const NAME = `slipway-windows-${process.pid}`;
const DRIVE = "c";

/** As Apache Lounge's own, as far as ours needs it. */
const HTTPD_CONF = `Define SRVROOT "/${DRIVE}/Apache24"
ServerRoot "\${SRVROOT}"
PidFile logs/httpd.pid
ErrorLog logs/error.log
Listen 80
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule mime_module modules/mod_mime.so
LoadModule dir_module modules/mod_dir.so
TypesConfig /etc/mime.types
User www-data
Group www-data
LogFormat "%h %l %u %t \\"%r\\" %>s %b" combined
DocumentRoot "\${SRVROOT}/htdocs"
<Directory "\${SRVROOT}/htdocs">
  Require all granted
</Directory>
Include conf/extra/slipway-shop.conf
`;

const DOCKERFILE = `FROM debian:trixie-slim
RUN apt-get -q update && apt-get -q install --yes --no-install-recommends apache2 libapache2-mod-wsgi-py3 python3-psycopg2 openssl curl && rm -rf /var/lib/apt/lists/*
COPY ${DRIVE} /${DRIVE}
RUN ln -s /usr/lib/apache2/modules /${DRIVE}/Apache24/modules \\
 && mkdir -p /${DRIVE}/Apache24/logs /${DRIVE}/Apache24/htdocs /${DRIVE}/slipway/shop/tls \\
 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=shop.example.org \\
      -keyout /${DRIVE}/slipway/shop/tls/key.pem -out /${DRIVE}/slipway/shop/tls/chain.pem
WORKDIR /${DRIVE}/slipway/shop/hello
CMD ["apache2", "-D", "FOREGROUND", "-f", "/${DRIVE}/Apache24/conf/httpd.conf"]
`;

/** What install.ps1 would copy, at its places. */
async function context(): Promise<string> {
  const folder = temporaryFolder();
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content.toString().replaceAll("C:/", `/${DRIVE}/`));
  };
  for (const { path, content } of WINDOWS.files(await exported(hello), [])) {
    write(`${DRIVE}/${path.startsWith("conf/") ? "Apache24" : "slipway/shop"}/${path}`, content);
  }
  write(`${DRIVE}/slipway/shop/hello/app/static/style.css`, "body {}\n");
  write(`${DRIVE}/Apache24/conf/httpd.conf`, HTTPD_CONF);
  write(
    `${DRIVE}/Apache24/conf/extra/slipway-shop-python.conf`,
    "LoadModule wsgi_module modules/mod_wsgi.so\n",
  );
  write("Dockerfile", DOCKERFILE);
  return folder;
}

describe("what is exported for Apache on Windows", () => {
  beforeAll(async () => {
    await docker("build", "--quiet", "--tag", NAME, await context());
    await docker("run", "--detach", "--name", NAME, NAME);
    // As install.ps1 does it, before Apache is started there.
    await docker("exec", NAME, "python3", "prepare.py");
  });
  afterAll(async () => {
    await run("docker", ["rm", "--force", "--volumes", NAME]);
    await run("docker", ["rmi", "--force", NAME]);
  });

  const status = (address: string, ...more: readonly string[]) =>
    ok("docker", [
      ...["exec", NAME, "curl", "--silent", "--insecure", "--path-as-is", "--output", "/dev/null"],
      ...["--write-out", "%{http_code}", "--retry", "20", "--retry-connrefused", "--retry-delay", "1"],
      ...["--resolve", "shop.example.org:443:127.0.0.1", "--resolve", "shop.example.org:80:127.0.0.1"],
      ...more,
      address,
    ]);

  test("passes httpd -t", async () => {
    const checked = await run("docker", [
      ...["exec", NAME, "apache2", "-t", "-f", `/${DRIVE}/Apache24/conf/httpd.conf`],
    ]);
    expect(checked).toMatchObject({ code: 0 });
    expect(checked.output).toContain("Syntax OK");
  });

  test("serves the application over TLS, and static files", async () => {
    expect(await status("https://shop.example.org/healthz")).toBe("200");
    expect(await status("https://shop.example.org/static/style.css")).toBe("200");
    const page = await docker(
      ...["exec", NAME, "curl", "--silent", "--insecure", "--include"],
      ...["--resolve", "shop.example.org:443:127.0.0.1", "https://shop.example.org/some%20path"],
    );
    expect(page).toContain("<dd>/some path</dd>");
    expect(page).toContain("<dd>https</dd>");
    expect(page.toLowerCase()).toContain("x-content-type-options: nosniff");
  });

  test("plain http leads to TLS", async () => {
    expect(await status("http://shop.example.org/")).toBe("308");
  });

  test.each([
    ["https://shop.example.org/admin", "404"],
    ["http://shop.example.org/admin", "404"],
    ["https://shop.example.org/%61dmin/x", "404"],
    ["https://shop.example.org/static/../../secrets/hello_session-key", "404"],
    ["https://shop.example.org/static/..%2f..%2fsecrets/hello_session-key", "404"],
    ["https://shop.example.org/slipway_environment.py", "200"],
  ])("%s answers %s", async (address, expected) => {
    // What the application answers for a path that is its own is no file.
    expect(["400", "403", expected]).toContain(await status(address));
    const body = await docker(
      ...["exec", NAME, "curl", "--silent", "--insecure", "--path-as-is", "--location-trusted"],
      ...[
        "--resolve",
        "shop.example.org:443:127.0.0.1",
        "--resolve",
        "shop.example.org:80:127.0.0.1",
        address,
      ],
    );
    expect(body).not.toMatch(/os\.environ|^[A-Za-z0-9]{64}$/);
  });

  test("another method and another name are refused", async () => {
    expect(await status("https://shop.example.org/", "--request", "TRACK")).toBe("405");
    expect(await status("https://127.0.0.1/")).toBe("421");
  });
});
