import { expect, test } from "vitest";
import { App } from "../../../modules/app/app.ts";
import { DatabaseTls } from "../../../modules/postgres/database-tls.ts";
import { ExternalPostgres, type ExternalPostgresProps } from "../../../modules/postgres/external-postgres.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";
import { Secret } from "../../../modules/values/secret.ts";
import { hello } from "../../support/hello.ts";
import { sandbox } from "../../support/sandbox.ts";

const password = Secret.fromFile("crm-password", "/etc/crm-password");

function external(props: Partial<ExternalPostgresProps> = {}) {
  const environment = sandbox();
  const crm = new ExternalPostgres(environment, "crm", {
    host: "db.example.org",
    database: "customers",
    password,
    ...props,
  });
  const shop = new App(environment, "shop", { source: hello() });
  return { environment, crm, shop };
}

/** The texts of an address, with the names of secrets for their values. */
function address(secret: Secret): string {
  if (secret.source.kind !== "composed") throw new Error(`${secret} is not composed`);
  return secret.source.parts.map((part) => (typeof part === "string" ? part : `<${part.name}>`)).join("");
}

test("is a service of an application like any other, and nothing that runs", () => {
  const { crm, shop } = external();
  shop.uses(crm);
  expect(crm.workloads()).toEqual([]);
  const [workload] = shop.workloads();
  expect(workload?.networks.map(({ name, internal }) => [name.text, internal])).toEqual([
    ["shop", false],
    ["crm", false],
  ]);
  expect(workload?.environment).toMatchObject({
    DATABASE_URL_FILE: "/run/secrets/crm-url",
    SLIPWAY_WAIT_FOR: "/run/secrets/crm-url",
  });
  expect(shop.describe().apps?.[0]?.connections).toEqual({ "sandbox/crm": 30 });
});

test("is known by public authorities unless the stack says otherwise, for pydal too", () => {
  const { crm, shop } = external();
  shop.uses(crm);
  expect(address(crm.grant().url)).toBe(
    "postgresql://customers:<crm-password_in-address>@db.example.org:5432/customers" +
      "?sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt",
  );
  expect(shop.workloads()[0]?.environment.PGSSLROOTCERT).toBe("/etc/ssl/certs/ca-certificates.crt");
});

test("is known by an authority of one's own, whose certificate is delivered", () => {
  const { crm, shop } = external({ tls: DatabaseTls.verifiedBy("/etc/ca.pem"), role: "shop", port: 6432 });
  shop.uses(crm);
  expect(address(crm.grant().url)).toBe(
    "postgresql://shop:<crm-password_in-address>@db.example.org:6432/customers" +
      "?sslmode=verify-full&sslrootcert=/run/secrets/crm-ca",
  );
  const [workload] = shop.workloads();
  expect(workload?.environment.PGSSLROOTCERT).toBe("/run/secrets/crm-ca");
  expect(workload?.secrets.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["/run/secrets/crm-url", "/run/secrets/crm-ca"]),
  );
});

test.each([
  ["sslmode=require", DatabaseTls.unverified(), "unverified"],
  ["sslmode=disable", DatabaseTls.none(), "plain"],
] as const)("%s has a name of its own", (parameter, tls, trust) => {
  const { crm } = external({ tls });
  expect(address(crm.grant().url)).toMatch(new RegExp(`\\?${parameter}$`));
  expect(crm.describe().externalDatabases).toMatchObject([{ trust }]);
});

test("beside a database of the stack, each is known by its own", () => {
  const { environment, crm, shop } = external({ tls: DatabaseTls.verifiedBy("/etc/ca.pem") });
  shop.uses(new Postgres(environment, "db", { memory: "512 MiB" }));
  shop.uses(crm);
  const [workload] = shop.workloads();
  expect(workload?.environment).toMatchObject({
    DATABASE_URL_FILE: "/run/secrets/db-url",
    CRM_URL_FILE: "/run/secrets/crm-url",
    PGSSLROOTCERT: "/run/secrets/database-certificates",
  });
});

test.each<[string, Partial<ExternalPostgresProps>]>([
  ["the container itself", { host: "localhost" }],
  ["the container itself", { host: "127.0.0.1" }],
  ["an address for a name", { host: "postgres://db.example.org/" }],
  ["a database that would have to be quoted", { database: "my shop" }],
  ["a role with a password in it", { role: "shop:hunter2" }],
  ["no port", { port: 0 }],
  ["no connections", { connections: 0 }],
])("%s is refused", (_, props) => {
  expect(() => external(props)).toThrow(InvalidValue);
});
