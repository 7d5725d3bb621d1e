import { expect, test } from "vitest";
import { parse } from "yaml";
import { Admin } from "../../modules/edge/admin.ts";
import { APP_ENGINE } from "../../modules/hosts/app-engine/app-engine.ts";
import { APP_YAML } from "../../modules/hosts/app-engine/app-yaml-schema.ts";
import { expectPython, textOf } from "../support/exported-files.ts";
import { exported, guestbookWithoutFolders, hello, web2py } from "../support/exported-stack.ts";

const files = async (...stack: Parameters<typeof exported>) => APP_ENGINE.files(await exported(...stack), []);

test("a py4web application with a database", async () => {
  const all = await files(guestbookWithoutFolders);
  for (const path of [
    "README.md",
    "app.yaml",
    "main.py",
    "slipway_instance.py",
    "slipway/slipway_environment.py",
    "slipway_front.py",
    "prepare.py",
    "gunicorn.conf.py",
    "requirements.txt",
    ".gcloudignore",
  ]) {
    await expect(textOf(all, path)).toMatchFileSnapshot(
      `app-engine-${path.replace(/^\.|^slipway\//, "")}.golden`,
    );
  }
  expectPython(all);
  expect(textOf(all, "secrets/db-url")).toMatch(
    /^postgresql:\/\/guestbook:\w+@PRIVATE_IP:5432\/guestbook\?sslmode=verify-ca&sslrootcert=\/tmp\/slipway\/secrets\/db-ca$/,
  );
});

test("a plain application", async () => {
  const all = await files(hello, Admin.overTls());
  await expect(textOf(all, "app.yaml")).toMatchFileSnapshot("app-engine-plain-app.yaml.golden");
  expectPython(all);
});

test.each([
  ["guestbook", guestbookWithoutFolders],
  ["web2py", web2py],
  ["hello", hello],
])("%s has an app.yaml of the documented form, without a secret", async (_, compose) => {
  const stack = await exported(compose);
  const all = APP_ENGINE.files(stack, []);
  const text = textOf(all, "app.yaml");
  expect(() => APP_YAML.parse(parse(text))).not.toThrow();
  const uploaded = all.filter(({ path }) => !path.startsWith("secrets/"));
  for (const value of stack.secrets.values()) {
    for (const { path, content } of uploaded) expect(content.includes(value), path).toBe(false);
  }
});
