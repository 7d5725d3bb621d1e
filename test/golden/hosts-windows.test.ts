import { expect, test } from "vitest";
import { Admin } from "../../modules/edge/admin.ts";
import { WINDOWS } from "../../modules/hosts/windows/windows.ts";
import { expectPython, textOf } from "../support/exported-files.ts";
import { exported, guestbook, hello, web2py } from "../support/exported-stack.ts";
import { powershell } from "../support/powershell.ts";

const files = async (...stack: Parameters<typeof exported>) => WINDOWS.files(await exported(...stack), []);

test("a py4web application with everything", async () => {
  const all = await files(guestbook);
  for (const path of [
    "README.md",
    "install.ps1",
    "conf/extra/slipway-shop.conf",
    "guestbook/serve.py",
    "guestbook/slipway-shop-guestbook.xml",
    "guestbook/slipway_environment.py",
    "guestbook/slipway_site.py",
    "guestbook/prepare.py",
    "postgres/server.sql",
    "postgres/roles.sql",
  ]) {
    await expect(textOf(all, path)).toMatchFileSnapshot(`windows-${path.split("/").at(-1)}.golden`);
  }
  expectPython(all);
  // A path of a container would be one of the drive that the process happens to run on.
  for (const { path, content } of all.filter(({ path }) => /\.(py|xml|conf)$/.test(path))) {
    expect(content.toString().match(/["'= ]\/(?:srv|run|etc|opt|tmp|var)\/.*/)?.[0], path).toBeUndefined();
  }
});

test("a web2py site", async () => {
  const all = await files(web2py);
  await expect(textOf(all, "store/options.py")).toMatchFileSnapshot("windows-web2py-options.py.golden");
  await expect(textOf(all, "store/slipway-shop-store.xml")).toMatchFileSnapshot(
    "windows-web2py-service.xml.golden",
  );
  await expect(textOf(all, "store/web2py.py")).toMatchFileSnapshot("windows-web2py.py.golden");
  expectPython(all);
});

test("the end of a tunnel to the administration", async () => {
  await expect(
    textOf(await files(hello, Admin.throughTunnel()), "conf/extra/slipway-shop.conf"),
  ).toMatchFileSnapshot("windows-admin-behind-tunnel.conf.golden");
});

test.each([
  ["guestbook", guestbook],
  ["web2py", web2py],
])("PowerShell reads the script for %s", async (_, compose) => {
  const script = textOf(await files(compose), "install.ps1");
  // Windows PowerShell takes a file without a mark for one of the code page of the machine.
  expect([...script].filter((character) => character > "~")).toEqual([]);
  expect((await powershell(script)).hasError).toBe(false);
  expect((await powershell(script.replace("if ($Verify) {", "if ($Verify {"))).hasError).toBe(true);
});
