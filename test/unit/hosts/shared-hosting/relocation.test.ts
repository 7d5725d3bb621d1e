import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { relocated } from "../../../../modules/hosts/shared-hosting/relocation.ts";

const PACKAGE = join(import.meta.dirname, "../../../../modules/app/image/slipway_node");

test("paths of a container are asked for when the module runs", () => {
  expect(relocated('"""Of /srv/app."""\n\nimport os\n\nROOT = Path("/srv/app")\n')).toBe(
    '"""Of /srv/app."""\n\nfrom slipway_places import place\n\nimport os\n\nROOT = Path(place("/srv/app"))\n',
  );
  expect(relocated('A = f"/var/lib/app/{name}.py"\n')).toBe(
    'from slipway_places import place\nA = place(f"/var/lib/app/{name}.py")\n',
  );
});

test("other paths, and those that only begin alike, stay", () => {
  const text = 'A = "/srv/apple"\nB = "/usr/srv/app"\nC = "in /srv/app"\n';
  expect(relocated(text)).toBe(text);
});

test("of all modules of the image none keeps a path that a host does not have, but those of servers and migration", () => {
  const left = readdirSync(PACKAGE)
    .filter((name) => name.endsWith(".py"))
    .filter((name) =>
      /(?<!place\(f?)"\/(?:srv|run|etc|var|tmp|opt)\b/.test(
        relocated(readFileSync(join(PACKAGE, name), "utf8")),
      ),
    );
  expect(left).toEqual(["migrate.py", "publish.py", "serve.py", "static_files.py"]);
});

test("a secret of web2py is read where this host has it", () => {
  const settings = relocated(readFileSync(join(PACKAGE, "web2py_settings.py"), "utf8"));
  expect(settings).toContain("return Path(place(path)).read_text().strip()");
});
