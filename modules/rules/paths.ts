/** Whether a path of a site is another one, or below it. */
export function isWithin(path: string, other: string): boolean {
  return other === "/" || path === other || path.startsWith(`${other}/`);
}

/** Whether a path is one with such segments, or below one; `*` stands for any one segment. */
export function matches(path: string, pattern: string): boolean {
  const [found, wanted] = [path, pattern].map((text) => text.split("/"));
  return (
    wanted?.every((segment, at) => (segment === "*" ? Boolean(found?.[at]) : segment === found?.[at])) ??
    false
  );
}
