import { expect, test } from "vitest";
import { withImports } from "../../../../modules/hosts/shared-hosting/python-modules.ts";

test("modules come with all that they import of the package, also inside of functions", () => {
  const texts = new Map([
    ["site", "from slipway_node import layout, tickets\n"],
    ["layout", "import os\n"],
    ["tickets", "def read():\n    from slipway_node.memcached import Instances\n"],
    ["memcached", "from slipway_node import site\n"],
    ["serve", ""],
  ]);
  const found = withImports(["site", "missing"], (name) => texts.get(name));
  expect([...found.keys()]).toEqual(["layout", "memcached", "site", "tickets"]);
});
