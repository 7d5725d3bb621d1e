import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Web2py, type Web2pyOptions } from "../../../modules/app/web2py.ts";
import { stageContext } from "../../../modules/engine/build-context.ts";
import { Name } from "../../../modules/values/name.ts";
import { Secret } from "../../../modules/values/secret.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { folderOf, INSTALLATION } from "../../support/web2py.ts";

const password = Secret.generated("admin-password");

/** The files of the image, as far as they come from the source. */
function files(source: Web2py): string[] {
  const build = { name: Name.of("shop"), context: source.context(), args: {} };
  const { folder } = stageContext(build, temporaryFolder(), null);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

test("the named applications go into the image, without what a run or a password left behind", () => {
  const source = Web2py.fromDirectory(folderOf(INSTALLATION), { applications: ["shop", "blog"] });
  expect(files(source)).toEqual([
    "app/applications/__init__.py",
    "app/applications/blog/compiled/controllers.default.index.pyc",
    "app/applications/shop/controllers/default.py",
    "app/applications/shop/requirements.txt",
    "app/gluon/main.py",
    "app/requirements.txt",
    "app/routes.py",
  ]);
  expect(source.stockApplications).toEqual([]);
});

test("applications of a folder of their own go before those of the installation", () => {
  const from = folderOf(["shop/controllers/ours.py", "shop/controllers/default.py", "routes.py"]);
  const source = Web2py.fromDirectory(folderOf(INSTALLATION), { applications: ["shop", "welcome"], from });
  expect(files(source).filter((name) => !name.startsWith("app/gluon"))).toEqual([
    "app/applications/__init__.py",
    "app/applications/shop/controllers/default.py",
    "app/applications/shop/controllers/ours.py",
    "app/applications/welcome/controllers/default.py",
    "app/own_routes.py",
    "app/requirements.txt",
    "app/routes.py",
  ]);
  expect(source.stockApplications).toEqual(["welcome"]);
});

test("static files of the default application are at /static too, unless routes of the team's own say what is where", () => {
  const paths = (source: Web2py) => source.staticFolders.map(({ path }) => path);
  const installation = folderOf(INSTALLATION);
  expect(paths(Web2py.fromDirectory(installation, { applications: ["shop", "blog"] }))).toEqual([
    "/static",
    "/shop/static",
    "/blog/static",
  ]);
  folderOf(["routes.py"], installation);
  expect(paths(Web2py.fromDirectory(installation, { applications: ["shop", "blog"] }))).toEqual([
    "/shop/static",
    "/blog/static",
  ]);
});

test.each<[string, Partial<Web2pyOptions> & { readonly folder?: string }, string]>([
  ["no installation", { folder: "/nonexistent" }, "Name the folder that holds web2py.py"],
  ["no application", { applications: [] as never }, "at least one of admin, blog, examples, shop, welcome"],
  [
    "an application that is not there",
    { applications: ["shpo"] },
    'Invalid application of web2py "shpo": allowed is each of these once: admin, blog, examples, shop, welcome',
  ],
  ["an application twice", { applications: ["shop", "shop"] }, 'Invalid application of web2py "shop"'],
  ["a path", { applications: ["../applications/shop"] }, "Invalid application of web2py"],
  ["admin without a password", { applications: ["shop", "admin"] }, "pass admin: Secret.generated"],
  ["a password without admin", { admin: password }, 'Name "admin" among the applications'],
])("%s is refused", (_, { folder = folderOf(INSTALLATION), ...options }, message) => {
  expect(() => Web2py.fromDirectory(folder, { applications: ["shop"], ...options })).toThrow(message);
});
