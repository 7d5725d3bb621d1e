import type { ContextPart } from "../engine/build.ts";
import type { ConfigFile, SecretFile } from "../engine/workload.ts";
import type { SessionPlace } from "../rules/description.ts";
import type { Secret } from "../values/secret.ts";
import type { Grant } from "./service.ts";
import type { Sessions } from "./sessions.ts";
import type { Uploads } from "./uploads.ts";

/** What the platform gives to one application. */
export interface Provision {
  /** Name of the application's workload. */
  readonly name: string;
  readonly grants: readonly Grant[];
  readonly sessions: Sessions;
  /** Where uploaded files are kept; undefined for the folder of uploads. */
  readonly uploads: Uploads | undefined;
  /** Connections one process keeps open to each database. */
  readonly poolSize: number;
  /** A job makes rows of the tickets that nodes leave in the shared folder of errors. @default false */
  readonly collectsTickets?: boolean;
}

/** How the provision is told to the application. */
export interface Delivery {
  readonly environment: Readonly<Record<string, string>>;
  readonly files: readonly ConfigFile[];
  readonly secrets: readonly SecretFile[];
}

/** What an edge does to the requests for an application at the root of the site. */
export interface RootMount {
  /** Put before the path of each request; empty, or without a slash at its end. */
  readonly prefix: string;
  /** Headers that are set. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Static files of an application, which the edge serves. */
export interface StaticFolder {
  /** Where they are in the image. */
  readonly folder: string;
  /** Path below the application's mount that leads to them, such as `/static`. */
  readonly path: `/${string}`;
}

/** Kinds of applications. */
export type SourceKind = "py4web" | "web2py" | "wsgi";

/** Where an application can keep its sessions; whatever can keep them in more places will do as well. */
export type Keeps<S extends SessionPlace> = { readonly [place in S]: true };

/** Where applications of every kind can keep them. */
export type AnyPlace = "cookies" | "database" | "cache";

/** An application's code, and what is special about its kind. */
export interface Source<S extends SessionPlace = never> {
  readonly kind: SourceKind;
  /** Names of the applications inside of it; empty for one that knows no such parts. */
  readonly applications: readonly string[];
  /** Python's `module:callable`, as the server loads it. */
  readonly callable: string;
  /** Path that answers 200 only when the application works. */
  readonly healthPath: string;
  /** How the application is told that it is served at the root of the site. */
  readonly rootMount: RootMount;
  readonly staticFolders: readonly StaticFolder[];
  /** Applications of the framework's own that the folder holds. */
  readonly stockApplications: readonly string[];
  /**
   * Paths below the mount that lead to an administration, which the edge's `admin` decides upon; they hold for all below
   * them, and `*` stands for any one segment: a path such as `/admin` or one such as `/x/appadmin` for every x.
   * @default none
   */
  readonly adminPaths?: readonly `/${string}`[];
  /** Password of the framework's administration, where it has a single one. @default none */
  readonly adminPassword?: Secret | undefined;
  /** Paths of a site that the application answers at. @default any */
  readonly mounts?: readonly `/${string}`[] | undefined;
  readonly keeps: Keeps<S>;
  /** Sessions where the stack does not say. */
  readonly defaultSessions: Sessions;
  /** Files of the image beside the module's own. */
  context(): readonly ContextPart[];
  deliver(provision: Provision): Delivery;
  /**
   * The command that runs a function of the application's own, for a job.
   * @throws InvalidValue for what the framework cannot call.
   */
  call(call: string): readonly string[];
}
