import { expect, test } from "vitest";
import { postgresqlConf } from "../../modules/postgres/postgresql-conf.ts";
import { Size, type SizeText } from "../../modules/values/size.ts";

/**
 * Calculated by pgtune's own code, as published at github.com/le0pard/pgtune in July 2026
 * (7caef27, src/features/configuration/configurationSlice.js), for PostgreSQL 17 on Linux, "web", "ssd", "mid_ram"; in kB.
 * What it gives for every one of them: checkpoint_completion_target 0.9, default_statistics_target 100,
 * random_page_cost 1.1, effective_io_concurrency 200, jit off, wal_compression lz4, min_wal_size 1 GB, max_wal_size 4 GB.
 */
const PUBLISHED: readonly {
  memory: SizeText;
  connections: number;
  cpus?: number;
  sizes: Record<string, number>;
  others: Record<string, string | number>;
}[] = [
  {
    memory: "256 MiB",
    connections: 50,
    sizes: {
      shared_buffers: 65536,
      effective_cache_size: 196608,
      maintenance_work_mem: 16384,
      wal_buffers: 1966,
      work_mem: 4096,
    },
    others: { huge_pages: "off" },
  },
  {
    memory: "512 MiB",
    connections: 100,
    sizes: {
      shared_buffers: 131072,
      effective_cache_size: 393216,
      maintenance_work_mem: 32768,
      wal_buffers: 3932,
      work_mem: 4096,
    },
    others: { huge_pages: "off" },
  },
  {
    memory: "1968 MiB",
    connections: 100,
    cpus: 3,
    sizes: {
      shared_buffers: 503808,
      effective_cache_size: 1511424,
      maintenance_work_mem: 125952,
      wal_buffers: 16384,
      work_mem: 4664,
    },
    others: { huge_pages: "off" },
  },
  {
    memory: "2 GiB",
    connections: 100,
    cpus: 4,
    sizes: {
      shared_buffers: 524288,
      effective_cache_size: 1572864,
      maintenance_work_mem: 131072,
      wal_buffers: 16384,
      work_mem: 5041,
      min_wal_size: 1048576,
      max_wal_size: 4194304,
    },
    others: {
      huge_pages: "off",
      max_worker_processes: 4,
      max_parallel_workers_per_gather: 2,
      max_parallel_workers: 4,
      max_parallel_maintenance_workers: 2,
    },
  },
  {
    memory: "16 GiB",
    connections: 200,
    cpus: 8,
    sizes: {
      shared_buffers: 4194304,
      effective_cache_size: 12582912,
      maintenance_work_mem: 1048576,
      wal_buffers: 16384,
      work_mem: 20164,
      min_wal_size: 1048576,
      max_wal_size: 4194304,
    },
    others: {
      huge_pages: "try",
      max_worker_processes: 8,
      max_parallel_workers_per_gather: 4,
      max_parallel_workers: 8,
      max_parallel_maintenance_workers: 4,
    },
  },
  {
    memory: "256 GiB",
    connections: 1000,
    cpus: 64,
    sizes: {
      shared_buffers: 67108864,
      effective_cache_size: 201326592,
      maintenance_work_mem: 8388608,
      autovacuum_work_mem: 2097152,
      wal_buffers: 16384,
      work_mem: 63072,
      min_wal_size: 1048576,
      max_wal_size: 4194304,
    },
    others: {
      huge_pages: "try",
      autovacuum_max_workers: 5,
      max_worker_processes: 64,
      max_parallel_workers_per_gather: 4,
      max_parallel_workers: 64,
      max_parallel_maintenance_workers: 4,
    },
  },
];

test.each(PUBLISHED)("a server of $memory with $connections connections", async ({
  memory,
  connections,
  cpus,
  sizes,
  others,
}) => {
  const conf = postgresqlConf({ memory: Size.of(memory), maxConnections: connections, cpus });
  const settings = new Map([...conf.matchAll(/^(\w+) = (.*)$/gm)].map(([, key, value]) => [key, value]));
  for (const [key, kilobytes] of Object.entries(sizes))
    expect([key, settings.get(key)]).toEqual([key, `${kilobytes}kB`]);
  const everywhere = {
    checkpoint_completion_target: 0.9,
    default_statistics_target: 100,
    random_page_cost: 1.1,
    effective_io_concurrency: 200,
    jit: "off",
    wal_compression: "lz4",
  };
  for (const [key, value] of Object.entries({ ...everywhere, ...others }))
    expect([key, settings.get(key)]).toEqual([key, `${value}`]);
  for (const key of ["max_worker_processes", "autovacuum_max_workers", "autovacuum_work_mem"])
    expect(settings.has(key)).toBe(key in others || key in sizes);
  expect(settings.get("max_connections")).toBe(`${connections}`);
  expect(settings.get("password_encryption")).toBe("scram-sha-256");
  await expect(conf).toMatchFileSnapshot(`postgresql-${memory.replace(" ", "").toLowerCase()}.conf.golden`);
});

test("each setting is written once, and each line is a setting, a comment or empty", () => {
  const lines = postgresqlConf({ memory: Size.of("2 GiB"), maxConnections: 100 }).split("\n");
  const keys = lines.flatMap((line) => /^(\w+) = \S/.exec(line)?.[1] ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  expect(lines.filter((line) => !/^(\w+ = \S.*|#.*|)$/.test(line))).toEqual([]);
});
