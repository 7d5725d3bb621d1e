import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const IMAGE = fileURLToPath(new URL("../../../modules/app/image", import.meta.url));
const usable = spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"]).status === 0;

/** Writes a ticket as the framework does, and prints what is read of it. */
function read(write: string, kind = "web2py"): string {
  const folder = temporaryFolder();
  const script = `
import datetime, json, pathlib, pickle, sys
from slipway_node import tickets
folder = pathlib.Path(sys.argv[1])
file = folder / "10.0.0.1.2026"
def show(value):
    print(json.dumps(value, default=str))
${write}
try:
    ticket = tickets.${kind}(file, "shop")
except tickets.Unreadable as error:
    print("unreadable", error)
else:
    columns = ticket.columns
    data = columns.get("ticket_data")
    show([ticket.id, ticket.traceback, pickle.loads(data.encode("latin-1")) if data else columns])
`;
  const { stdout, stderr } = spawnSync("python3", ["-c", script, folder], {
    env: { ...process.env, PYTHONPATH: IMAGE, PYTHONDONTWRITEBYTECODE: "1" },
    encoding: "utf8",
  });
  expect(existsSync(join(folder, "was-run"))).toBe(false);
  return `${stdout}${stderr}`.trim();
}

describe.skipIf(!usable)("a ticket", () => {
  test("of web2py is read to plain data that its own reader takes, without a zero byte", () => {
    const text = read(`
content = {"layer": "l", "traceback": "Tra\\0ce", "snapshot": {"when": datetime.date(2026, 1, 2), b"raw": (1, None, {2.5})}}
file.write_bytes(pickle.dumps(content, pickle.HIGHEST_PROTOCOL))`);
    expect(JSON.parse(text)).toEqual([
      "10.0.0.1.2026",
      "Tra\u0000ce",
      { layer: "l", traceback: "Trace", snapshot: { when: "2026-01-02", raw: [1, null, [2.5]] } },
    ]);
  });

  test("runs nothing when it is read", () => {
    const text = read(`
class Evil:
    def __reduce__(self):
        return open, (str(folder / "was-run"), "w")
file.write_bytes(pickle.dumps({"traceback": "t", "snapshot": Evil()}))`);
    expect(JSON.parse(text)[2].snapshot).toContain("was-run");
  });

  test.each([
    ["half of one", `file.write_bytes(pickle.dumps({"traceback": "t"})[:-3])`],
    ["another file", `file.write_text("not a ticket")`],
    ["another pickle", `file.write_bytes(pickle.dumps([1, 2]))`],
  ])("is not %s", (_, write) => {
    expect(read(write)).toMatch(/^unreadable/);
  });

  test("of py4web is the JSON that a node wrote", () => {
    const row = {
      ...{ uuid: "u", app_name: "shop", method: "GET", path: "/", timestamp: "2026-01-02T03:04:05" },
      ...{ client_ip: null, error: "no" },
    };
    const content = JSON.stringify({ ...row, snapshot: { traceback: "t\u0000", path: "C:\\u0000" } });
    const [id, traceback, columns] = JSON.parse(read(`file.write_text(r'''${content}''')`, "py4web"));
    expect({ id, traceback, columns }).toEqual({
      id: "u",
      traceback: "t\u0000",
      columns: { ...row, snapshot: '{"traceback": "t", "path": "C:\\\\u0000"}' },
    });
  });
});
