import { expect, test } from "vitest";
import { sessionsInAUsedDatabase } from "../../../modules/rules/sessions-in-a-used-database.ts";
import { app, described } from "../../support/description.ts";

test("sessions in a database that the application uses are fine, and so are sessions elsewhere", () => {
  const used = app({ sessionDatabase: "prod/db", connections: { "prod/db": 60 } });
  const cookies = app({ sessions: "cookies", sessionDatabase: undefined, connections: {} });
  expect(sessionsInAUsedDatabase.check(described({ apps: [used, cookies] }))).toEqual([]);
});

test("sessions in another database are reported with the line to write", () => {
  const apps = [app({ name: "shop", sessionDatabase: "prod/other", connections: { "prod/db": 60 } })];
  expect(sessionsInAUsedDatabase.check(described({ apps }))).toMatchObject([
    { got: "sessions in prod/other, which shop does not use", fix: "Write shop.uses(other)." },
  ]);
});
