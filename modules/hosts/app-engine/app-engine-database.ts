import { InvalidValue } from "../../values/invalid-value.ts";
import type { ExportedApp, ExportedStack } from "../export/exported-stack.ts";
import { refuseReplicaUse } from "../export/replica-use.ts";

/** The database of an application. */
export type AppEngineDatabase =
  /** In place of a server of the stack's own, of this name and major version. */
  | { readonly kind: "cloud-sql"; readonly name: string; readonly version: number }
  /** On a server of the team's, which stays where it is. */
  | { readonly kind: "external"; readonly host: string; readonly port: number };

/** @throws InvalidValue for a replica, and for a second database */
export function appEngineDatabase(stack: ExportedStack, app: ExportedApp): AppEngineDatabase | undefined {
  refuseReplicaUse(stack, app, "App Engine");
  const { description } = stack;
  const { described } = app;
  const isUsed = ({ path }: { readonly path: string }) => described.connections[path] !== undefined;
  const servers = description.workloads.filter((one) => one.role === "database" && isUsed(one));
  const externals = description.externalDatabases.filter(isUsed);
  const all = [...servers, ...externals];
  if (all.length > 1) {
    throw new InvalidValue({
      what: `databases of ${described.path} on App Engine`,
      got: all.map(({ path }) => path).join(", "),
      allowed: "one, whose certificate libpq is told by a variable that holds for all",
      fix: `Use one database for ${described.name}, or export for Docker`,
    });
  }
  const [external] = externals;
  if (external !== undefined) return { kind: "external", host: external.host, port: external.port };
  const own = description.databases.find(({ name }) => servers.some((server) => server.name === name));
  return own && { kind: "cloud-sql", name: own.name, version: own.version };
}
