import { fileURLToPath } from "node:url";
import type { Build } from "../engine/build.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Name } from "../values/name.ts";
import { type PostgresVersion, VERSIONS } from "./version.ts";

/** Of the `postgres` user in the image; a number of its own, because the kernel counts processes by user. */
export const USER = 5432;
/** Where the volume of a server is mounted; the files of a version are in a folder with its number. */
export const DATA = "/var/lib/postgresql";

/**
 * The image of a server.
 * @param from for an upgrade: the version that the data has, whose programs are in the image too.
 * @throws InvalidValue for a version that it cannot have.
 */
export function serverImage(version: PostgresVersion, from?: PostgresVersion): Build {
  if (!VERSIONS.includes(version)) {
    throw new InvalidValue({
      what: "version of PostgreSQL",
      got: String(version),
      allowed: `${VERSIONS.join(" or ")}, which Debian's stable releases have`,
      fix: "Write version: 17, or leave it out",
    });
  }
  return {
    name: Name.of(from === undefined ? `postgres-${version}` : `postgres-${from}-${version}`),
    context: [
      { folder: fileURLToPath(new URL("image", import.meta.url)), into: "" },
      { folder: fileURLToPath(new URL("../engine/image", import.meta.url)), into: "" },
    ],
    args: { VERSION: String(version), ...(from !== undefined && { FROM: String(from) }) },
  };
}
