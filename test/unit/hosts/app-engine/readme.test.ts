import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { App } from "../../../../modules/app/app.ts";
import { Py4web } from "../../../../modules/app/py4web.ts";
import { Route } from "../../../../modules/edge/route.ts";
import type { Environment } from "../../../../modules/environment/environment.ts";
import { APP_ENGINE } from "../../../../modules/hosts/app-engine/app-engine.ts";
import { knownCloudSql } from "../../../../modules/hosts/app-engine/cloud-sql.ts";
import { secretManager } from "../../../../modules/hosts/app-engine/secret-manager.ts";
import { ExternalPostgres } from "../../../../modules/postgres/external-postgres.ts";
import { Secret } from "../../../../modules/values/secret.ts";
import { textOf } from "../../../support/exported-files.ts";
import { exported, guestbookWithoutFolders, hello } from "../../../support/exported-stack.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const readme = async (...stack: Parameters<typeof exported>) =>
  textOf(APP_ENGINE.files(await exported(...stack), []), "README.md");

/** In place of gcloud: keeps the latest version of each secret, and notes what it was asked to change. */
const GCLOUD = `#!/bin/sh
case "$*" in
  "sql instances describe"*ipAddress*) echo "$ADDRESS" ;;
  "sql instances describe"*serverCaCert*) echo certificate ;;
  "secrets describe "*) test -e "store/$3" ;;
  "secrets create "*) : > "store/$3"; echo "create $3" >> changes ;;
  "secrets versions access latest --secret="*) cat "store/\${5#--secret=}" ;;
  "secrets versions add "*) cp "\${5#--data-file=}" "store/$4"; echo "add $4" >> changes ;;
esac
`;

/** A folder as an export leaves it, and a way to run the commands of a step there. */
function workstation() {
  const folder = temporaryFolder();
  for (const name of ["bin", "store", "secrets"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "bin/gcloud"), GCLOUD, { mode: 0o755 });
  const secrets = (key: string) => {
    writeFileSync(join(folder, "secrets/session-key"), key);
    writeFileSync(join(folder, "secrets/db-url"), "postgresql://shop:word@PRIVATE_IP:5432/shop");
    writeFileSync(join(folder, "secrets/db-ca"), "SERVER_CA of Cloud SQL: README.md\n");
  };
  const run = (step: string, address = "10.0.0.3") => {
    const [, commands = ""] = /```sh\n([\s\S]*?)```/.exec(step) ?? [];
    writeFileSync(join(folder, "changes"), "");
    const { status } = spawnSync("bash", ["-c", commands], {
      cwd: folder,
      env: { PATH: `${join(folder, "bin")}:${process.env.PATH}`, ADDRESS: address },
    });
    return { status, changes: readFileSync(join(folder, "changes"), "utf8").split("\n").slice(0, -1) };
  };
  return { secrets, run, read: (path: string) => readFileSync(join(folder, path), "utf8") };
}

const fill = knownCloudSql({ name: "db", version: 17 });
const push = secretManager("p", ["PRIVATE_IP", "SERVER_CA"]);

test("no secret is pushed with a placeholder", () => {
  const { secrets, run } = workstation();
  secrets("one");
  expect(run(push)).toEqual({ status: 1, changes: [] });
  // Cloud SQL does not answer: the placeholders stay.
  expect(run(fill, "").status).not.toBe(0);
  expect(run(push)).toEqual({ status: 1, changes: [] });
});

test("a second release pushes what changed, and nothing else", () => {
  const { secrets, run, read } = workstation();
  secrets("one");
  expect(run(fill).status).toBe(0);
  expect(run(push).changes).toEqual(
    ["db-ca", "db-url", "session-key"].flatMap((name) => [`create p-${name}`, `add p-${name}`]),
  );
  expect(read("store/p-db-url")).toBe("postgresql://shop:word@10.0.0.3:5432/shop");
  expect(read("store/p-db-ca")).toBe("certificate\n");
  secrets("one");
  run(fill);
  expect(run(push)).toEqual({ status: 0, changes: [] });
  secrets("two");
  run(fill);
  expect(run(push)).toEqual({ status: 0, changes: ["add p-session-key"] });
});

test("a database of the team's is migrated, and is no Cloud SQL", async () => {
  const text = await readme((environment: Environment) => {
    const app = new App(environment, "guestbook", { source: Py4web.fromDirectory("examples/guestbook") });
    const password = Secret.generated("db-password", { length: 32 });
    app.uses(new ExternalPostgres(environment, "db", { host: "db.example.org", database: "shop", password }));
    return [Route.to(app)];
  });
  expect(text).toContain("from a machine that reaches db.example.org:5432");
  expect(text).toContain("venv/bin/python prepare.py");
  expect(text).toContain("PostgreSQL stays at db.example.org:5432");
  expect(text).not.toMatch(/Cloud SQL|PRIVATE_IP|SERVER_CA|gcloud sql/);
});

test("without a database nothing is said of one", async () => {
  expect(await readme(hello)).not.toMatch(/PostgreSQL|Cloud SQL|Migrate|prepare\.py/);
});

test("the network is peered before the database is made, and visitors need no warmup", async () => {
  const text = await readme(guestbookWithoutFolders);
  expect(text.indexOf("vpc-peerings connect")).toBeGreaterThan(0);
  expect(text.indexOf("vpc-peerings connect")).toBeLessThan(text.indexOf("gcloud sql instances create"));
  expect(text).not.toContain("versions migrate");
});
