import type { DatabaseGrant, Service } from "./service.ts";

/** Where an application keeps uploaded files, when that is not its folder of uploads. */
export class Uploads {
  readonly database: Service<DatabaseGrant>;

  private constructor(database: Service<DatabaseGrant>) {
    this.database = database;
    Object.freeze(this);
  }

  /**
   * Rows of a database, which an application uses without being told again (recipe 16): its nodes share no folder of
   * uploads any more, and a backup of the database has the files.
   */
  static in(database: Service<DatabaseGrant>): Uploads {
    return new Uploads(database);
  }
}
