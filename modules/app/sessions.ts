import type { SessionPlace } from "../rules/description.ts";
import type { SharedFolders } from "../shared-folders/shared-folders.ts";
import { Duration, type DurationText } from "../values/duration.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import type { CacheGrant, DatabaseGrant, Service } from "./service.ts";

export interface CachedSessions {
  /** Time without a visit after which a session is forgotten. @default 30 days, unless a py4web application says how long */
  readonly expire?: Duration | DurationText;
}

/** Where an application keeps what it knows of a visitor. */
export class Sessions<P extends SessionPlace = SessionPlace> {
  readonly place: P;
  /** What they are kept in; an application uses it without being told again. */
  readonly service: Service | undefined;
  /** Where a cache forgets them by itself. */
  readonly expire: Duration | undefined;

  private constructor(place: P, service?: Service, expire?: Duration) {
    this.place = place;
    this.service = service;
    this.expire = expire;
    Object.freeze(this);
  }

  /** Signed, in the visitor's browser: nothing to store, and nothing to take back before it expires. */
  static inCookies(): Sessions<"cookies"> {
    return new Sessions("cookies");
  }

  /** Rows of a database (recipe 13): they outlive everything but the data. */
  static in(database: Service<DatabaseGrant>): Sessions<"database">;
  /**
   * Items of a cache (recipe 19): pages that need no database have their visitors although it is away. A cache that is
   * full forgets the oldest sessions, and one that is replaced or lost all of its own: those visitors sign in again.
   * @throws InvalidValue when `expire` is no duration of at least a second.
   */
  static in(cache: Service<CacheGrant>, options?: CachedSessions): Sessions<"cache">;
  static in(
    service: Service<DatabaseGrant> | Service<CacheGrant>,
    options: CachedSessions = {},
  ): Sessions<"database" | "cache"> {
    if (service.kind === "database") return new Sessions("database", service);
    const expire = Duration.of(options.expire ?? "30 days");
    if (expire.seconds >= 1) return new Sessions("cache", service, expire);
    throw new InvalidValue({
      what: "time after which sessions are forgotten",
      got: String(expire),
      allowed: "at least 1 second",
      fix: 'Write expire: "60 minutes", or Sessions.inCookies() for an application that keeps none',
    });
  }

  /**
   * Files that all nodes share, each locked while a request has it (recipe 12).
   * @throws InvalidValue when there is no folder `sessions` among them.
   */
  static inFiles(folders: SharedFolders): Sessions<"files"> {
    if (folders.folders.includes("sessions")) return new Sessions("files", folders);
    throw new InvalidValue({
      what: "place of sessions",
      got: `${folders.node.path} with ${folders.folders.join(", ")}`,
      allowed: "shared folders among which is sessions",
      fix: 'Add "sessions" to folders, or write Sessions.in(db)',
    });
  }

  /**
   * Files of each node's own (recipe 14): on several nodes every route to the application has to be sticky, and a release
   * signs everybody out, which production refuses.
   */
  static sticky(): Sessions<"sticky"> {
    return new Sessions("sticky");
  }
}
