import { expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { Py4web } from "../../../modules/app/py4web.ts";
import type { Source } from "../../../modules/app/source.ts";
import { Uploads } from "../../../modules/app/uploads.ts";
import { Web2py } from "../../../modules/app/web2py.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { SharedFolders } from "../../../modules/shared-folders/shared-folders.ts";
import { hello } from "../../support/hello.ts";
import { sandbox } from "../../support/sandbox.ts";
import { folderOf, INSTALLATION } from "../../support/web2py.ts";

function workload(source: Source) {
  const environment = sandbox();
  const db = new Postgres(environment, "db", { memory: "512 MiB" });
  const shop = new App(environment, "shop", { source, uploads: Uploads.in(db) });
  shop.uses(new SharedFolders(environment, "shared"));
  const [only] = shop.workloads();
  if (only === undefined) throw new Error("no workload");
  return only;
}

test("uploads in a database are in no shared folder, and the database is used without being told again", () => {
  const { volumes, networks, environment } = workload(hello());
  expect(volumes.map(({ path }) => path)).toEqual([
    "/srv/static",
    "/srv/shared/sessions",
    "/srv/shared/errors",
    "/srv/shared/cache",
  ]);
  expect(networks.map(({ name }) => name.text)).toEqual(["shop", "db"]);
  expect(environment.UPLOADS_FOLDER).toBeUndefined();
  expect(environment.UPLOADS_DATABASE_URL_FILE).toBe(environment.DATABASE_URL_FILE);
});

test("py4web and web2py are told", () => {
  const text = (source: Source) =>
    workload(source)
      .files.map(({ content }) => content)
      .join("");
  expect(text(Py4web.fromDirectory("examples/guestbook"))).toContain('UPLOADS_IN = "database"\n');
  const web2py = Web2py.fromDirectory(folderOf(INSTALLATION), { applications: ["shop"] });
  expect(text(web2py)).toContain('"uploads": "database"');
});
