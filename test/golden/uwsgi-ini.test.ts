import { expect, test } from "vitest";
import { Concurrency } from "../../modules/app/concurrency.ts";
import { uwsgiIni } from "../../modules/app/server/uwsgi-ini.ts";
import { Size } from "../../modules/values/size.ts";

// Three quarters of the node's memory, shared by the processes: 256 * 3/4 = 192, and 512 * 3/4 / 4 = 96.
test.each([
  [
    "threads",
    Concurrency.threads(15),
    Size.of("256 MiB"),
    { processes: "1", threads: "15", "reload-on-rss": "192" },
  ],
  [
    "processes",
    Concurrency.processes(4),
    Size.of("512 MiB"),
    { processes: "4", threads: "1", "reload-on-rss": "96" },
  ],
] as const)("a node of %s", async (kind, concurrency, memory, expected) => {
  const ini = uwsgiIni({
    callable: "hello:application",
    concurrency,
    memory,
    listeners: [{ protocol: "uwsgi", over: "tcp" }],
  });
  const settings = Object.fromEntries(
    [...ini.matchAll(/^([a-z0-9-]+) = (.*)$/gm)].map(([, key, value]) => [key, value]),
  );
  expect(settings).toMatchObject({
    ...expected,
    module: "hello:application",
    strict: "true",
    "need-app": "true",
  });
  expect(settings).toMatchObject({ socket: "fd://10", "http-socket": "fd://11" });
  await expect(ini).toMatchFileSnapshot(`uwsgi-${kind}.ini.golden`);
});
