import fc from "fast-check";
import { expect, test } from "vitest";
import { pgHba, rolesSql } from "../../../modules/postgres/grants.ts";
import { postgresqlConf } from "../../../modules/postgres/postgresql-conf.ts";
import { tune } from "../../../modules/postgres/tuning.ts";
import { Name } from "../../../modules/values/name.ts";
import { Size } from "../../../modules/values/size.ts";

/** From what the rule about memory asks for, to a large machine. */
const memory = fc
  .integer({ min: 256 * 2 ** 10, max: 2 ** 28 })
  .map((kibibytes) => Size.bytes(kibibytes * 2 ** 10));
const connections = fc.integer({ min: 1, max: 1000 });

const MINIMUM = 4 * 2 ** 20;

test("a server that uses all it was promised stays within its memory, unless its connections have the least there is", () => {
  fc.assert(
    fc.property(memory, connections, (size, count) => {
      const tuning = tune({ memory: size, connections: count });
      const { shared_buffers, wal_buffers, maintenance_work_mem, work_mem } = tuning;
      const each = work_mem.bytes === MINIMUM ? 0 : work_mem.bytes;
      const used = shared_buffers.bytes + wal_buffers.bytes + maintenance_work_mem.bytes + count * each;
      expect(used).toBeLessThanOrEqual(size.bytes);
    }),
  );
});

test("PostgreSQL accepts every size: whole kilobytes, at least its minimum, no more than there is", () => {
  fc.assert(
    fc.property(memory, connections, (size, count) => {
      const { min_wal_size, max_wal_size, ...tuning } = tune({ memory: size, connections: count });
      for (const part of Object.values(tuning).filter((value) => value instanceof Size)) {
        expect(part.bytes % 1024).toBe(0);
        expect(part.bytes).toBeLessThan(size.bytes);
      }
      expect(tuning.work_mem.bytes).toBeGreaterThanOrEqual(MINIMUM);
      expect(tuning.maintenance_work_mem.bytes).toBeGreaterThanOrEqual(2 ** 20);
      expect(tuning.wal_buffers.bytes).toBeGreaterThanOrEqual(32 * 2 ** 10);
      expect(tuning.wal_buffers.bytes).toBeLessThanOrEqual(16 * 2 ** 20);
      // Two segments of 16 MiB at least.
      expect(min_wal_size.bytes).toBeGreaterThanOrEqual(32 * 2 ** 20);
      expect(max_wal_size.bytes).toBeGreaterThan(min_wal_size.bytes);
    }),
  );
});

test("more memory never means less of anything, more connections never more for each", () => {
  fc.assert(
    fc.property(memory, memory, connections, (one, other, count) => {
      const [less, more] = [one, other]
        .sort((a, b) => a.compare(b))
        .map((size) => tune({ memory: size, connections: count }));
      for (const key of [
        "shared_buffers",
        "effective_cache_size",
        "maintenance_work_mem",
        "wal_buffers",
        "work_mem",
        "min_wal_size",
        "max_wal_size",
      ] as const) {
        expect(less?.[key].bytes).toBeLessThanOrEqual(more?.[key].bytes ?? 0);
      }
      const crowded = tune({ memory: one, connections: count + 1 });
      expect(crowded.work_mem.bytes).toBeLessThanOrEqual(
        tune({ memory: one, connections: count }).work_mem.bytes,
      );
    }),
  );
});

test("the configuration has the same lines for every server, but for what several workers share", () => {
  const lines = (size: Size, count: number) =>
    postgresqlConf({ memory: size, maxConnections: count })
      .replace(/^autovacuum_work_mem.*\n/m, "")
      .replace("huge_pages = try", "huge_pages = off")
      .replace(/\d+(kB| [KMG]iB)?/g, "N");
  const usual = lines(Size.of("2 GiB"), 100);
  fc.assert(
    fc.property(memory, connections, (size, count) => {
      expect(lines(size, count)).toBe(usual);
    }),
  );
});

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/), { maxLength: 8 });
const tenantsOf = (all: readonly string[]) =>
  all.map((name, at) => ({
    name: Name.of(name),
    passwordFile: `/run/secrets/${name}-password`,
    connections: at + 1,
  }));

test("pg_hba.conf has one line for each application, and it leads to its own database only", () => {
  fc.assert(
    fc.property(names, (all) => {
      const hosts = pgHba(tenantsOf(all)).match(/^host.*$/gm) ?? [];
      expect(hosts.map((line) => line.split(/\s+/))).toEqual(
        all.map((name) => ["hostssl", `"${name}"`, `"${name}"`, "samenet", "scram-sha-256"]),
      );
    }),
  );
});

test("roles.sql makes one role and one database for each application, with balanced quotes", () => {
  fc.assert(
    fc.property(names, (all) => {
      const sql = rolesSql(tenantsOf(all));
      expect(sql.match(/^ALTER ROLE "/gm) ?? []).toHaveLength(all.length);
      expect(sql.match(/CREATE DATABASE "/g) ?? []).toHaveLength(all.length);
      for (const quote of ["'", '"', "`"]) expect((sql.split(quote).length - 1) % 2).toBe(0);
    }),
  );
});
