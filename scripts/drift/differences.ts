import type { Expected } from "./expected.ts";
import type { Found } from "./found.ts";

/** A field in which a container is not what was declared. */
export interface Difference {
  /** Such as `env`, or `file /etc/slipway/httpd.conf`. */
  readonly field: string;
  readonly declared: string;
  readonly found: string;
}

/** Fields that images add to: more than what was declared is no difference. */
const OF_THE_IMAGE: readonly string[] = ["env"];
/** Set by the image where the stack says nothing. */
const UNLESS_SAID: readonly string[] = ["command"];

/**
 * Compares a container with its declaration.
 * @param image that the declared name stands for now
 * @param digests of the files that could be read
 * @param inherited environment of the image
 */
export function differences(
  expected: Expected,
  found: Found,
  image: string | undefined,
  digests: Readonly<Record<string, string>> | undefined,
  inherited: readonly string[] = [],
): readonly Difference[] {
  return [
    ...(image === found.image
      ? []
      : [{ field: "image", declared: `${expected.image} (${short(image)})`, found: short(found.image) }]),
    ...Object.entries(expected.fields).flatMap(([field, declared]) =>
      ofField(field, declared, found.fields[field] ?? [], inherited),
    ),
    ...(digests === undefined ? [] : ofFiles(expected.files, digests)),
  ];
}

function ofField(
  field: string,
  declared: readonly string[],
  found: readonly string[],
  inherited: readonly string[],
): readonly Difference[] {
  if (UNLESS_SAID.includes(field)) {
    return declared.length === 0 || declared.join("\0") === found.join("\0")
      ? []
      : [{ field, declared: declared.join(" "), found: found.join(" ") }];
  }
  const missing = declared.filter((one) => !found.includes(one));
  const more = found.filter(
    (one) => !declared.includes(one) && !(OF_THE_IMAGE.includes(field) && inherited.includes(one)),
  );
  if (missing.length === 0 && more.length === 0) return [];
  return [{ field, declared: missing.join(" ") || "–", found: more.join(" ") || "–" }];
}

function ofFiles(
  declared: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
): readonly Difference[] {
  return Object.entries(declared).flatMap(([path, digest]) =>
    found[path] === digest
      ? []
      : [
          {
            field: `file ${path}`,
            declared: short(digest),
            found: found[path] ? short(found[path]) : "none",
          },
        ],
  );
}

function short(digest: string | undefined): string {
  return digest?.replace(/^sha256:/, "").slice(0, 12) ?? "none";
}
