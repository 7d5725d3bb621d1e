import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHEROKEE } from "../../modules/hosts/cherokee/cherokee.ts";
import { textOf } from "../support/exported-files.ts";
import { exported, hello } from "../support/exported-stack.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { isFull } from "./extent.ts";
import { docker, run } from "./run.ts";

/** No distribution packages Cherokee: here uWSGI is started as it would start it, and asked by FastCGI as it would ask. */
const NAME = `slipway-cherokee-${process.pid}`;

const dockerfile = (release: string) => `FROM debian:trixie-slim
RUN apt-get -q update && apt-get -q install --yes --no-install-recommends uwsgi-core uwsgi-plugin-python3 python3-venv python3-psycopg2 libfcgi-bin && rm -rf /var/lib/apt/lists/*
COPY --chown=www-data hello ${release}
WORKDIR ${release}
RUN python3 -m venv --system-site-packages venv && chmod +x start.sh && mkdir ../../run ../../state && chown www-data ../../run ../../state
USER www-data
CMD ["./start.sh"]
`;

describe.runIf(isFull)("what is exported for Cherokee", () => {
  beforeAll(async () => {
    const folder = temporaryFolder();
    const files = CHEROKEE.files(await exported(hello), []);
    for (const { path, content } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const [, release = ""] = /^cd (.*)$/m.exec(textOf(files, "hello/start.sh")) ?? [];
    writeFileSync(join(folder, "Dockerfile"), dockerfile(release));
    await docker("build", "--quiet", "--tag", NAME, folder);
    await docker("run", "--detach", "--name", NAME, NAME);
    for (let tries = 0; !(await ask("/healthz")).includes("200 OK"); tries += 1) {
      if (tries > 30) throw new Error(await docker("logs", NAME));
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  });
  afterAll(async () => {
    await run("docker", ["rm", "--force", "--volumes", NAME]);
    await run("docker", ["rmi", "--force", NAME]);
  });

  /** With the variables that Cherokee sends for a rule without a file (handler_cgi_base.c). */
  async function ask(path: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    const variables = {
      REQUEST_METHOD: "GET",
      REQUEST_URI: path,
      SCRIPT_NAME: "",
      PATH_INFO: path,
      QUERY_STRING: "",
      SERVER_PROTOCOL: "HTTP/1.1",
      HTTP_HOST: "shop.example.org",
      REMOTE_ADDR: "192.0.2.7",
      HTTPS: "on",
      ...more,
    };
    const asked = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    const { output } = await run("docker", [
      ...["exec", NAME, "env", "-i", ...asked],
      ...["/usr/bin/cgi-fcgi", "-bind", "-connect", "/srv/slipway/shop/hello/run/fastcgi"],
    ]);
    return output;
  }

  test("uWSGI answers by FastCGI", async () => {
    const page = await ask("/some path");
    expect(page).toContain("<dd>/some path</dd>");
    expect(page).toContain("<dd>https</dd>");
    expect(page).toMatch(/^Permissions-Policy: camera=\(\)/m);
  });

  test("what a visitor claims about the scheme is not believed", async () => {
    expect(await ask("/", { HTTPS: "off", HTTP_X_FORWARDED_PROTO: "https" })).toContain("<dd>http</dd>");
  });

  test("a method that no application is asked is refused", async () => {
    expect(await ask("/", { REQUEST_METHOD: "TRACK" })).toContain("405");
  });
});
