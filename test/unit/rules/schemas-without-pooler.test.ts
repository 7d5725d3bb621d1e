import { expect, test } from "vitest";
import { schemasWithoutPooler } from "../../../modules/rules/schemas-without-pooler.ts";
import { app, described, server } from "../../support/description.ts";

const pool = { mode: "transaction", size: 20, opened: 30 } as const;

test("web2py applications past a pooler are good, and so are others behind one", () => {
  expect(schemasWithoutPooler.check(described({ apps: [app({ kind: "web2py" })] }))).toEqual([]);
  expect(schemasWithoutPooler.check(described({ databases: [server({ pool })] }))).toEqual([]);
  const elsewhere = app({ kind: "web2py", connections: { "prod/other": 60 } });
  expect(schemasWithoutPooler.check(described({ databases: [server({ pool })], apps: [elsewhere] }))).toEqual(
    [],
  );
});

test("a web2py application behind a pooler is a violation", () => {
  expect(
    schemasWithoutPooler.check(described({ databases: [server({ pool })], apps: [app({ kind: "web2py" })] })),
  ).toMatchObject([{ path: "prod/shop", got: "shop behind the pooler of prod/db" }]);
});
