import { expect, test } from "vitest";
import { pgbouncerIni } from "../../modules/postgres/pooler/pgbouncer-ini.ts";

test.each(["transaction", "session"] as const)("a pool of %ss for two applications", async (mode) => {
  const ini = pgbouncerIni({
    mode,
    size: 20,
    clients: 180,
    server: "db",
    port: 5432,
    databases: ["shop", "blog-app"],
  });
  await expect(ini).toMatchFileSnapshot(`pgbouncer-${mode}s.ini.golden`);
});
