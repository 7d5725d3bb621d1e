import { expect, test } from "vitest";
import { Concurrency } from "../../../modules/app/concurrency.ts";
import { Server, type ServerModel } from "../../../modules/app/server/server.ts";
import { Size } from "../../../modules/values/size.ts";

function filesOf(server: Server<never>, listeners: ServerModel["listeners"]): Map<string, string> {
  const model = {
    name: "shop",
    callable: "shop:application",
    concurrency: Concurrency.threads(15),
    memory: Size.of("256 MiB"),
    listeners,
  };
  return new Map(server.kind.files(model).map(({ path, content }) => [path, content]));
}

test("the server finds its listeners in the order in which they are opened", () => {
  const files = filesOf(Server.uwsgi(), [
    { protocol: "http", over: "tcp" },
    { protocol: "fastcgi", over: "unix" },
  ]);
  expect(files.get("/etc/slipway/listeners")?.split("\n").slice(1)).toEqual([
    "0.0.0.0:8003",
    "/run/slipway/sockets/$SLIPWAY_NODE.fastcgi",
    // The health check's door is not open to the network.
    "127.0.0.1:8001",
    "",
  ]);
  expect(files.get("/etc/slipway/uwsgi.ini")?.match(/^.*fd:.*$/gm)).toEqual([
    "http-socket = fd://10",
    "fastcgi-socket = fd://11",
    "http-socket = fd://12",
  ]);
});

test("Apache opens its sockets itself, and is asked to empty them where nobody else can ask", () => {
  const files = filesOf(Server.modWsgi(), [{ protocol: "http", over: "tcp" }]);
  const [, url] = files.get("/etc/slipway/listeners")?.split("\n") ?? [];
  expect(url).toBe("http://127.0.0.1:8001/.slipway/drain");
  expect(files.get("/etc/slipway/httpd.conf")).toMatch(
    /<VirtualHost 127\.0\.0\.1:8001>\n {2}<Location \/\.slipway\/drain>/,
  );
});
