/** Places of a container that a folder below somebody's home has, too: private/slipway_places.py. */
const PLACES = "/(?:srv/app|srv/shared|run/secrets|etc/slipway|var/lib/app|tmp/databases)";
const LITERAL = new RegExp(`(?<!\\w)f?"${PLACES}(?:/[^"\\n]*)?"`, "g");

/**
 * The text of a Python module of an image, for a folder that nobody knows when it is written: each path of a container is
 * asked for when the module runs. A path that comes with the settings is one, too.
 */
export function relocated(python: string): string {
  const text = python
    .replace(LITERAL, (literal) => `place(${literal})`)
    .replaceAll("Path(path).read_text()", "Path(place(path)).read_text()");
  return text === python ? python : withImport(text);
}

/** Below the docstring of the module. */
function withImport(python: string): string {
  const [docstring = ""] = /^"""[\s\S]*?"""\n/.exec(python) ?? [];
  return `${docstring}${docstring && "\n"}from slipway_places import place\n${python.slice(docstring.length)}`;
}
