import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { isFull } from "./extent.ts";
import { HOST, SharedHost } from "./shared-host/shared-host.ts";
import { Site } from "./site.ts";

/** An installation of web2py, as in web2py.test.ts. */
const { WEB2PY_SOURCE } = process.env;
const CURL = "curl --silent --show-error --cacert /etc/ssl/site.pem";

const folder = temporaryFolder();

/** Writes a stack out, as a user does, and uploads it. */
async function uploaded(host: SharedHost, stack: string, main = "test/e2e/stacks/shared-hosting.ts") {
  const out = join(folder, stack);
  if (!existsSync(out)) {
    const site = new Site(HOST, { http: 18_051, https: 18_451 }, main, stack);
    const options = [stack, "--target", "shared-hosting", "--out", out];
    const { code, output } = await site.verb("export", options, { CDKTF_APP: `node --import tsx ${main}` });
    expect(code, output).toBe(0);
  }
  await host.upload(out, `upload/${stack}`);
}

/** Installs an export, and lets it verify itself. */
async function installed(host: SharedHost, stack: string, handler: string, options = ""): Promise<void> {
  const install = await host.shell(`sh upload/${stack}/install.sh install ${handler} ${options}`);
  expect(install.code, install.output).toBe(0);
  // Nobody but the company restarts it: what is inside of Apache begins again with the next of its processes.
  if (handler === "mod_python") await host.root("apachectl", "graceful");
  const verify = await host.shell(`sh upload/${stack}/install.sh verify https://localhost ${options}`);
  expect(verify.code, `${verify.output}\n${await host.log()}`).toBe(0);
  expect(verify.output).toMatch(/^ok {3}200 .*the application works/m);
}

async function uninstalled(host: SharedHost, stack: string): Promise<void> {
  const { code, output } = await host.shell(`sh upload/${stack}/install.sh uninstall`);
  expect(code, output).toBe(0);
  expect((await host.shell("ls -A public_html; ls -d slipway-* 2>/dev/null")).output).toBe("");
}

const body = async (host: SharedHost, words: string): Promise<string> =>
  (await host.shell(`${CURL} ${words}`)).output;
const status = (host: SharedHost, words: string) =>
  body(host, `-o /dev/null -w '%{http_code} %{redirect_url}' ${words}`);

/** What a plain WSGI application is told, and what is kept from visitors, whatever the handler. */
async function tellsAndHides(host: SharedHost): Promise<void> {
  const answer = await body(
    host,
    "-u me:secret -H 'X-Forwarded-For: 192.0.2.1' -H 'X-Forwarded-Proto: http' -d sent=1 'https://localhost/a%20b/c?x=1&y=%2F'",
  );
  expect(JSON.parse(answer)).toMatchObject({
    REQUEST_METHOD: "POST",
    SCRIPT_NAME: "",
    PATH_INFO: "/a b/c",
    QUERY_STRING: "x=1&y=%2F",
    REMOTE_ADDR: "127.0.0.1",
    forwarded: "127.0.0.1",
    HTTP_AUTHORIZATION: "Basic bWU6c2VjcmV0",
    scheme: "https",
    body: "sent=1",
  });
  const type = "-o /dev/null -w '%{http_code} %{content_type}'";
  expect(await body(host, `${type} 'https://localhost/?status=418%20Teapot'`)).toBe("418 application/json");
  expect(await status(host, "http://localhost/any?x=1")).toBe("308 https://localhost/any?x=1");
  for (const path of [
    "office",
    "office/x",
    "OFFICE",
    "//office",
    "x/../office",
    "%6fffice",
    "%256fffice",
    ".htpasswd",
    ".git/config",
  ]) {
    expect(await status(host, `--path-as-is https://localhost/${path}`), path).toMatch(/^40[034] $/);
  }
  // What somebody leaves in the folder that visitors see is the application's path, and never the file.
  await host.shell(
    "for name in notes.py passwd.txt backup.sql; do echo left-behind > public_html/$name; done",
  );
  for (const name of [
    "notes.py",
    "passwd.txt",
    "backup.sql",
    "slipway.cgi",
    "slipway.fcgi",
    "slipway_mod_python.py",
  ]) {
    expect(await body(host, `https://localhost/${name}`), name).not.toMatch(/left-behind|slipway_site/);
  }
  await host.shell("cd public_html && rm notes.py passwd.txt backup.sql");
  expect(await body(host, "https://localhost/static/_1.2.3/plain.txt")).toContain("\n");
  const headers = await body(host, "-D - -o /dev/null https://localhost/");
  for (const line of [/^X-Frame-Options: SAMEORIGIN/m, /^X-Content-Type-Options: nosniff/m])
    expect(headers).toMatch(line);
}

/** A visitor of the py4web application, who has a session in a cookie. */
async function visits(host: SharedHost): Promise<void> {
  const visit = () => body(host, "--cookie jar --cookie-jar jar https://localhost/");
  expect([await visit(), await visit()]).toEqual(["visit 1", "visit 2"]);
  await host.shell("rm jar");
  expect(await body(host, "https://localhost/where")).toBe(
    "/static/plain.txt https://localhost/index 127.0.0.1",
  );
  expect(await body(host, "-d text=hi https://localhost/send")).toBe("POST hi");
  expect(await status(host, "https://localhost/nowhere")).toBe("404 ");
}

describe("an account at a hosting company", () => {
  let host: SharedHost;
  beforeAll(async () => {
    host = await SharedHost.start("suexec");
    for (const stack of ["facts", "visits"]) await uploaded(host, stack);
  });
  afterAll(() => host.remove());

  test("with CGI, and then with FastCGI, runs a plain application and its jobs, and nothing is left when it is removed", async () => {
    await installed(host, "facts", "cgi");
    await tellsAndHides(host);
    expect((await host.shell("stat -c '%a' slipway-facts slipway-facts/secrets/*")).output).toBe(
      "700\n600\n",
    );
    const job = await host.shell("python3 slipway-facts/manage.py job call");
    expect(job.output).toBe("nothing was to be done\n");
    // Again, over what is there; then another way.
    await installed(host, "facts", "fastcgi");
    expect((await host.shell("ls public_html")).output).not.toContain("slipway.cgi");
    await tellsAndHides(host);
    // Processes that stay end with their release.
    const pid = async () => JSON.parse(await body(host, "https://localhost/")).pid;
    const before = await pid();
    expect(await pid()).toBe(before);
    await host.shell("touch slipway-facts/site.json; sleep 4");
    expect(await pid()).not.toBe(before);
    await uninstalled(host, "facts");
  });

  test("with FastCGI runs a py4web application", async () => {
    await installed(host, "visits", "fastcgi");
    await visits(host);
    await uninstalled(host, "visits");
  });

  test("is left as it was where something is in the way", async () => {
    await host.shell("echo 'Deny from all' > public_html/.htaccess");
    const taken = await host.shell("sh upload/facts/install.sh install cgi");
    expect(taken).toMatchObject({ code: 1, output: expect.stringContaining("lines of somebody else") });
    await host.shell(
      "rm public_html/.htaccess; mkdir -p public_html/static; echo mine > public_html/static/plain.txt",
    );
    const file = await host.shell("sh upload/facts/install.sh install cgi");
    expect(file).toMatchObject({ code: 1, output: expect.stringContaining("public_html/static/plain.txt") });
    expect((await host.shell("cat public_html/static/plain.txt; rm -r public_html/static")).output).toBe(
      "mine\n",
    );
    await host.shell("echo 'Deny from all' > public_html/.htaccess");
    const inside = await host.shell("sh upload/facts/install.sh install cgi --private public_html/x");
    expect(inside).toMatchObject({ code: 1, output: expect.stringContaining("where visitors get") });
    expect((await host.shell("ls -A public_html; ls -d slipway-* 2>/dev/null")).output).toBe(".htaccess\n");
    await host.shell("rm public_html/.htaccess");
  });

  test("keeps what was chosen, and finds the private folder that was named", async () => {
    await host.shell("sh upload/facts/install.sh install cgi --private staging --behind-proxy --http");
    // Beside another one, which has the name that is looked for.
    await host.shell("mkdir slipway-facts && cp staging/slipway_places.py slipway-facts/slipway_site.py");
    await installed(host, "facts", "cgi", "--private staging");
    const told = await body(
      host,
      "-H 'X-Forwarded-For: 192.0.2.7' -H 'X-Forwarded-Proto: https' http://localhost/",
    );
    expect(JSON.parse(told)).toMatchObject({ REMOTE_ADDR: "192.0.2.7", scheme: "https" });
    await installed(host, "facts", "cgi", "--private staging --no-proxy --https");
    expect(await status(host, "'http://localhost/a%23b%20c?x=%20'")).toBe(
      "308 https://localhost/a%23b%20c?x=%20",
    );
    const { code, output } = await host.shell("sh upload/facts/install.sh uninstall --private staging");
    expect(code, output).toBe(0);
    await host.shell("rm -r slipway-facts");
    expect((await host.shell("ls -A public_html; ls -d staging 2>/dev/null")).output).toBe("");
  });

  test.skipIf(!isFull)("with Passenger runs both, beside the lines of the panel", async () => {
    for (const [stack, ask] of isFull
      ? ([
          ["facts", tellsAndHides],
          ["visits", visits],
        ] as const)
      : ([["facts", tellsAndHides]] as const)) {
      await host.passenger(`/home/account/slipway-${stack}`);
      await host.shell("echo '# Of the panel' > public_html/.htaccess");
      await installed(host, stack, "passenger");
      await ask(host);
      expect((await host.shell("tail -1 public_html/.htaccess")).output).toBe("# Of the panel\n");
      await host.shell(`sh upload/${stack}/install.sh uninstall`);
      expect((await host.shell("cat public_html/.htaccess; rm public_html/.htaccess")).output).toBe(
        "# Of the panel\n",
      );
    }
    await host.root("sh", "-c", "rm /etc/apache2/panel/app.conf && apachectl graceful");
  });

  test.skipIf(!isFull)("runs the guestbook, which waits for the address of its database", async () => {
    await uploaded(host, "dev", "stacks/main.ts");
    const unfinished = await host.shell("sh upload/dev/install.sh install fastcgi");
    expect(unfinished).toMatchObject({
      code: 1,
      output: expect.stringContaining("write the address of your database"),
    });
    await host.shell("echo sqlite://guestbook.sqlite > upload/dev/private/secrets/db-url");
    await installed(host, "dev", "fastcgi");
    expect(await body(host, "https://localhost/")).toContain("The guestbook");
    await host.shell("sh upload/dev/install.sh uninstall");
    expect((await host.shell("find slipway-guestbook -name '*.sqlite'")).output).toContain(
      "guestbook.sqlite",
    );
  });

  test.skipIf(WEB2PY_SOURCE === undefined)("runs web2py", async () => {
    await host.shell("rm -rf slipway-*");
    await uploaded(host, "welcome");
    await installed(host, "welcome", "fastcgi");
    expect(await body(host, "https://localhost/")).toContain("Welcome");
    expect(await status(host, "https://localhost/welcome/appadmin")).toBe("404 ");
  });
});

describe("an account with mod_python", () => {
  let host: SharedHost;
  beforeAll(async () => {
    host = await SharedHost.start("mod_python");
    for (const stack of ["facts", ...(isFull ? ["visits"] : [])]) await uploaded(host, stack);
  });
  afterAll(() => host.remove());

  test("runs a plain application inside of Apache", async () => {
    await installed(host, "facts", "mod_python", "--python python3.11");
    await tellsAndHides(host);
    await uninstalled(host, "facts");
  });

  test.skipIf(!isFull)("runs a py4web application", async () => {
    await installed(host, "visits", "mod_python", "--python python3.11");
    await visits(host);
    await uninstalled(host, "visits");
  });
});
