/**
 * Major versions of PostgreSQL that can be installed: 17 is that of Debian stable, 15 that of the stable release before.
 * 18 is in neither.
 */
export const VERSIONS = [15, 17] as const;

export type PostgresVersion = (typeof VERSIONS)[number];

export const DEFAULT_VERSION: PostgresVersion = 17;
