/**
 * A stack's `cdk.tf.json` as a text for review: digests are replaced by what they are digests of, because they change
 * with every edit of a source, and files are shown line by line.
 */
export function stable(stack: unknown): string {
  const text = JSON.stringify(
    stack,
    (key, value) => (typeof value === "string" ? shown(key, value) : value),
    2,
  );
  return `${text}\n`;
}

function shown(key: string, value: string): string | string[] {
  // From a temporary folder to the project.
  if (key === "PROJECT") return key;
  const text = value
    .replace(/\b[0-9a-f]{64}\b/g, "CHECKSUM")
    .replace(/^([0-9a-f]{16})$/, "FINGERPRINT")
    .replace(/(images\/[a-z0-9-]+-)[0-9a-f]{16}$/, "$1HASH")
    .replace(/^([a-z0-9-]+\/[a-z0-9-]+:)[0-9a-f]{16}$/, "$1HASH")
    .replace(/^[0-9a-f]{12}$/, "RELEASE")
    .replace(/sha256\("[0-9a-f]{12}\//, 'sha256("RELEASE/');
  return key === "content" ? text.split("\n") : text;
}
