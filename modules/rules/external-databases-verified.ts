import type { Rule } from "./rule.ts";

export const externalDatabasesVerified: Rule = {
  id: "external-databases-verified",
  statement:
    "In production the way to a database on another machine is encrypted, and the server proves who it is.",
  source: "recipe 10; known failure: `sslmode=require` encrypts for whoever answers first",
  check: ({ purpose, externalDatabases }) =>
    purpose === "development"
      ? []
      : externalDatabases
          .filter(({ trust }) => trust !== "verified")
          .map(({ path, trust, host }) => ({
            path,
            got: `${trust === "plain" ? "a connection in plain text" : "an unverified connection"} to ${host}`,
            allowed: "a server that is known by its certificate",
            fix: "Leave tls out for a public authority, or write tls: DatabaseTls.verifiedBy(file).",
          })),
};
