import { expect, test } from "vitest";
import { postgresqlConf } from "../../modules/postgres/postgresql-conf.ts";
import { Size, type SizeText } from "../../modules/values/size.ts";

/**
 * By hand from pgtune's formulas, in kB, rounded down. For 256 MiB = 262144 kB and 50 connections:
 *
 * | setting              | formula                                     | result         |
 * | -------------------- | ------------------------------------------- | -------------- |
 * | shared_buffers       | 262144 / 4                                  | 65536          |
 * | effective_cache_size | 262144 * 3 / 4                              | 196608         |
 * | maintenance_work_mem | 262144 / 16, at most 2 GB                   | 16384          |
 * | wal_buffers          | 3 % of 65536 = 1966.08, at most 16 MB       | 1966           |
 * | work_mem             | (262144 - 65536) / ((50 + 8) * 3) = 1129.93 | 1129           |
 *
 * For 2 GiB = 2097152 kB and 100: work_mem (2097152 - 524288) / (108 * 3) = 4854.52; 3 % of 524288 is 15728.64.
 * For 16 GiB = 16777216 kB and 200: work_mem 12582912 / (208 * 3) = 20164.92; 3 % is over 16 MB = 16384 kB.
 */
test.each<[SizeText, number, Record<string, number>]>([
  [
    "256 MiB",
    50,
    {
      shared_buffers: 65536,
      effective_cache_size: 196608,
      maintenance_work_mem: 16384,
      wal_buffers: 1966,
      work_mem: 1129,
    },
  ],
  [
    "2 GiB",
    100,
    {
      shared_buffers: 524288,
      effective_cache_size: 1572864,
      maintenance_work_mem: 131072,
      wal_buffers: 15728,
      work_mem: 4854,
    },
  ],
  [
    "16 GiB",
    200,
    {
      shared_buffers: 4194304,
      effective_cache_size: 12582912,
      maintenance_work_mem: 1048576,
      wal_buffers: 16384,
      work_mem: 20164,
    },
  ],
])("a server of %s with %d connections", async (memory, maxConnections, expected) => {
  const conf = postgresqlConf({ memory: Size.of(memory), maxConnections });
  const settings = new Map([...conf.matchAll(/^(\w+) = (.*)$/gm)].map(([, key, value]) => [key, value]));
  for (const [key, kilobytes] of Object.entries(expected))
    expect([key, settings.get(key)]).toEqual([key, `${kilobytes}kB`]);
  expect(settings.get("max_connections")).toBe(`${maxConnections}`);
  expect(settings.get("password_encryption")).toBe("scram-sha-256");
  await expect(conf).toMatchFileSnapshot(`postgresql-${memory.replace(" ", "").toLowerCase()}.conf.golden`);
});

test("each setting is written once, and each line is a setting, a comment or empty", () => {
  const lines = postgresqlConf({ memory: Size.of("2 GiB"), maxConnections: 100 }).split("\n");
  const keys = lines.flatMap((line) => /^(\w+) = \S/.exec(line)?.[1] ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  expect(lines.filter((line) => !/^(\w+ = \S.*|#.*|)$/.test(line))).toEqual([]);
});
