import type { Postgres } from "../postgres/postgres.ts";
import type { SessionPlace } from "../rules/description.ts";

/** Where an application keeps what it knows of a visitor. */
export class Sessions {
  readonly place: SessionPlace;
  /** The database, where sessions are rows. */
  readonly database: Postgres | undefined;

  private constructor(place: SessionPlace, database?: Postgres) {
    this.place = place;
    this.database = database;
    Object.freeze(this);
  }

  /** Signed, in the visitor's browser: nothing to store, and nothing to take back before it expires. */
  static inCookies(): Sessions {
    return new Sessions("cookies");
  }

  /** Rows of the application's database, which it has to use as well. */
  static in(database: Postgres): Sessions {
    return new Sessions("database", database);
  }

  /** Files: on several nodes they need shared folders or sticky routes. */
  static inFiles(): Sessions {
    return new Sessions("files");
  }
}
