import { InvalidValue } from "../../values/invalid-value.ts";
import { Size } from "../../values/size.ts";
import { edgeOf, type RoutedApp, routedApps } from "../export/exported-site.ts";
import type { ExportedStack } from "../export/exported-stack.ts";
import { type AppEngineDatabase, appEngineDatabase } from "./app-engine-database.ts";
import { type InstanceClass, instanceClassFor } from "./app-yaml.ts";

/** The largest request that App Engine takes, https://docs.cloud.google.com/appengine/docs/standard/quotas */
const LARGEST_REQUEST = Size.mebibytes(32);

export interface AppEngineApp {
  readonly routed: RoutedApp;
  readonly instanceClass: InstanceClass;
  readonly database: AppEngineDatabase | undefined;
}

/** The application that App Engine can have of a stack. @throws InvalidValue for what cannot work there */
export function appEngineApp(stack: ExportedStack): AppEngineApp {
  const [routed, ...others] = routedApps(stack);
  if (routed === undefined || others.length > 0) {
    throw new InvalidValue({
      what: `applications of ${stack.name} on App Engine`,
      got: edgeOf(stack)
        .routes.map(({ app }) => app)
        .join(", "),
      allowed: "one, for each is a service of its own",
      fix: "Export a stack with one application and one route to it",
    });
  }
  const { described, workload } = routed.app;
  if (described.sessions !== "cookies" && described.sessions !== "database") {
    throw new InvalidValue({
      what: `sessions of ${described.path} on App Engine`,
      got: described.sessions,
      allowed: "cookies or database, for instances come and go, and share no folder and no memcached of ours",
      fix: "Write sessions: Sessions.in(db), or Sessions.inCookies()",
    });
  }
  if (workload.volumes.some(({ path }) => path === "/srv/shared/uploads")) {
    throw new InvalidValue({
      what: `uploads of ${described.path} on App Engine`,
      got: described.sharedFolders ?? "a shared folder",
      allowed: "uploads in the database, for a folder of an instance goes with it",
      fix: "Write uploads: Uploads.in(db), or leave out the shared folders",
    });
  }
  const memory = Size.bytes(workload.limits.memory);
  const instanceClass = instanceClassFor(memory);
  if (instanceClass === undefined) {
    throw new InvalidValue({
      what: `memory of ${described.path} on App Engine`,
      got: String(memory),
      allowed: "at most 2976 MiB, which the largest instance has beside /tmp",
      fix: 'Write memory: "1 GiB"',
    });
  }
  const { bodyLimit } = edgeOf(stack);
  if (bodyLimit > LARGEST_REQUEST.bytes) {
    throw new InvalidValue({
      what: `largest request of ${edgeOf(stack).path} on App Engine`,
      got: String(Size.bytes(bodyLimit)),
      allowed: `at most ${LARGEST_REQUEST}`,
      fix: 'Write bodyLimit: "32 MiB"',
    });
  }
  return { routed, instanceClass, database: appEngineDatabase(stack, routed.app) };
}
