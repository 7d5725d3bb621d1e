import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { optionsPy } from "../../../../modules/hosts/windows/options-py.ts";

const text = optionsPy({
  ip: "127.0.0.1",
  port: 8000,
  numthreads: 30,
  serverName: "shop.example.org",
  folder: "C:/slipway/shop/store/app",
});

/** What Python makes of the file. */
function values(): Record<string, unknown> {
  const program =
    "import json, sys; names = {}; exec(compile(sys.stdin.read(), 'options.py', 'exec'), {}, names); print(json.dumps(names))";
  const { stdout, stderr } = spawnSync("python3", ["-c", program], { input: text, encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

test("every field of the recipe has the stack's value", () => {
  expect(values()).toMatchObject({
    ip: "127.0.0.1",
    port: 8000,
    password: "",
    pid_filename: "logs/httpserver.pid",
    log_filename: "logs/httpserver.log",
    ssl_certificate: "",
    ssl_private_key: "",
    numthreads: 30,
    server_name: "shop.example.org",
    request_queue_size: 128,
    timeout: 10,
    shutdown_timeout: 5,
    folder: "C:/slipway/shop/store/app",
  });
});

test("web2py of today finds its own names as well", () => {
  expect(values()).toMatchObject({ min_threads: 30, max_threads: 30, server_key: "", server_cert: "" });
});

test("each line is what web2py reads: a comment, or a name and a literal", () => {
  // gluon/console.py takes what stands after `=` with ast.literal_eval, and opens the file as ASCII.
  for (const line of text.split("\n").filter((one) => one !== "" && !one.startsWith("#"))) {
    expect(line).toMatch(/^[a-z_]+ = (?:"[^"]*"|\d+|True)$/);
  }
  expect([...text].filter((character) => character > "~")).toEqual([]);
});
