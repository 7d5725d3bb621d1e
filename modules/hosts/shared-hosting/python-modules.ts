const PACKAGE = "slipway_node";

/**
 * Modules of the package with all that they import of it, by their names.
 * @param text of a module; undefined for what is no module of the package
 */
export function withImports(
  names: readonly string[],
  text: (name: string) => string | undefined,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const content = found.has(name) ? undefined : text(name);
    if (content === undefined) continue;
    found.set(name, content);
    waiting.push(...imported(content));
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function imported(content: string): string[] {
  const direct = [...content.matchAll(new RegExp(`^\\s*from ${PACKAGE}\\.(\\w+) import`, "gm"))];
  const listed = [...content.matchAll(new RegExp(`^\\s*from ${PACKAGE} import ([\\w, ]+)`, "gm"))];
  return [
    ...direct.map(([, name = ""]) => name),
    ...listed.flatMap(([, names = ""]) => names.split(",").map((name) => name.trim())),
  ];
}
