import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { Admin } from "../../modules/edge/admin.ts";
import { CHEROKEE } from "../../modules/hosts/cherokee/cherokee.ts";
import { expectPython, textOf } from "../support/exported-files.ts";
import { exported, guestbook, hello, web2py } from "../support/exported-stack.ts";

const files = async (...stack: Parameters<typeof exported>) => CHEROKEE.files(await exported(...stack), []);

/** A release is called by what is in it, which is not what a golden file is about. */
const golden = (...of: Parameters<typeof textOf>) =>
  textOf(...of).replaceAll(/releases\/[0-9a-f]{12}/g, "releases/0123456789ab");

test("a py4web application with everything", async () => {
  const all = await files(guestbook);
  for (const path of [
    "README.md",
    "install.sh",
    "start-admin.sh",
    "cherokee.conf",
    "guestbook/uwsgi.ini",
    "guestbook/start.sh",
    "guestbook/slipway_front.py",
    "db/roles.sql",
  ]) {
    await expect(golden(all, path)).toMatchFileSnapshot(`cherokee-${path.split("/").at(-1)}.golden`);
  }
  expectPython(all);
  for (const path of ["install.sh", "start-admin.sh", "guestbook/start.sh"]) {
    expect(() => execFileSync("sh", ["-n", "-c", textOf(all, path)])).not.toThrow();
  }
});

test("a web2py site", async () => {
  const all = await files(web2py);
  await expect(textOf(all, "cherokee.conf")).toMatchFileSnapshot("cherokee-web2py.conf.golden");
  expectPython(all);
});

test.each([
  ["over-tls", Admin.overTls()],
  ["behind-tunnel", Admin.throughTunnel()],
])("the administration of an application: %s", async (name, admin) => {
  const conf = textOf(await files(hello, admin), "cherokee.conf");
  await expect(conf).toMatchFileSnapshot(`cherokee-admin-${name}.conf.golden`);
});
