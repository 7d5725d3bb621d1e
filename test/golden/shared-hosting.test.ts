import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { targetOf } from "../../modules/environment/target.ts";
import { appsOf } from "../../modules/hosts/export/exported-stack.ts";
import { handlerFiles } from "../../modules/hosts/shared-hosting/handlers.ts";
import { hostedApp } from "../../modules/hosts/shared-hosting/hosted-app.ts";
import { type HandlerName, htaccess, STATIC_HTACCESS } from "../../modules/hosts/shared-hosting/htaccess.ts";
import { readme } from "../../modules/hosts/shared-hosting/readme.ts";
import { SHARED_HOSTING } from "../../modules/hosts/shared-hosting/shared-hosting.ts";
import { Dev } from "../../stacks/dev.ts";
import { exported } from "../support/exported.ts";

const HANDLERS: readonly HandlerName[] = ["mod_python", "cgi", "fastcgi", "passenger"];

/** What Python itself says of a text. */
const compiled = (python: string) =>
  execFileSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], { input: python });

test.each(HANDLERS)("the .htaccess of a host with %s", async (handler) => {
  const props = {
    handler,
    statics: ["static", "shop/static"],
    admin: "(?is)^/_dashboard",
    https: true,
    strictTransport: 63_072_000,
    bodyLimit: 1_048_576,
  };
  await expect(htaccess(props)).toMatchFileSnapshot(`shared-hosting-${handler}.htaccess.golden`);
});

test("the .htaccess of a stack without an edge leads nobody to https, and keeps the lines for it", async () => {
  const props = { statics: [], admin: undefined, https: false, strictTransport: undefined, bodyLimit: 0 };
  await expect(htaccess({ handler: "cgi", ...props })).toMatchFileSnapshot(
    "shared-hosting-plain.htaccess.golden",
  );
});

test("the .htaccess of static files", async () => {
  await expect(STATIC_HTACCESS).toMatchFileSnapshot("shared-hosting-static.htaccess.golden");
});

test.each(["mod_python", "cgi", "fastcgi"] as const)("the script of a host with %s", async (handler) => {
  const [script] = handlerFiles(handler, "slipway-shop");
  await expect(script?.content).toMatchFileSnapshot(`shared-hosting-${handler}.py.golden`);
  expect(() => compiled(script?.content ?? "")).not.toThrow();
});

test("the guestbook, whose services a shared host does not have", async () => {
  const stack = await exported("dev", (app) => new Dev(app, targetOf(app, "dev")));
  const [app] = appsOf(stack).map((one) => hostedApp(stack, one));
  if (app === undefined) throw new Error("no application");
  await expect(readme("dev", app)).toMatchFileSnapshot("shared-hosting-guestbook.md.golden");
  const files = new Map(SHARED_HOSTING.files(stack, []).map((file) => [file.path, file]));
  const text = (path: string) => String(files.get(path)?.content);
  await expect(text("private/site.json")).toMatchFileSnapshot("shared-hosting-guestbook-site.json.golden");
  await expect(text("private/settings/settings_private.py")).toMatchFileSnapshot(
    "shared-hosting-guestbook-settings.py.golden",
  );
  const own = [...files.keys()].filter((path) => !path.startsWith("private/app/")).sort();
  await expect(`${own.join("\n")}\n`).toMatchFileSnapshot("shared-hosting-guestbook-files.golden");
  for (const [path, { content }] of files) {
    if (path.endsWith(".py")) expect(() => compiled(String(content)), path).not.toThrow();
  }
});
