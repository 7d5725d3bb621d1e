import { expect, test } from "vitest";
import { Concurrency } from "../../modules/app/concurrency.ts";
import { gunicornConf } from "../../modules/app/server/gunicorn.ts";
import { Server } from "../../modules/app/server/server.ts";

test.each([
  ["threads", Concurrency.threads(15), undefined, { workers: "1", worker_class: '"gthread"', threads: "15" }],
  [
    "processes",
    Concurrency.processes(4),
    1000,
    { workers: "4", worker_class: '"sync"', max_requests: "1000", max_requests_jitter: "100" },
  ],
] as const)("a node of %s", async (kind, concurrency, maximumRequests, expected) => {
  const conf = gunicornConf({ concurrency, listeners: [{ protocol: "http", over: "tcp" }] }, maximumRequests);
  const settings = Object.fromEntries(
    [...conf.matchAll(/^(\w+) = (.*)$/gm)].map(([, key, value]) => [key, value]),
  );
  expect(settings).toMatchObject({
    ...expected,
    bind: '["fd://10", "fd://11"]',
    control_socket_disable: "True",
    forwarded_allow_ips: '""',
  });
  await expect(conf).toMatchFileSnapshot(`gunicorn-${kind}.py.golden`);
});

test.each([0, -1, 1.5, Number.NaN])("%d requests are refused", (maximumRequests) => {
  expect(() => Server.gunicorn({ maximumRequests })).toThrow("Write maximumRequests: 10000");
  expect(() => Server.modWsgi({ maximumRequests })).toThrow("Write maximumRequests: 10000");
});
