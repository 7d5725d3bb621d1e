import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { targetOf } from "../../modules/environment/target.ts";
import type { ExportedFile } from "../../modules/hosts/export/exported-file.ts";
import type { ExportedStack } from "../../modules/hosts/export/exported-stack.ts";
import { machinesOf } from "../../modules/hosts/export/machine.ts";
import { debianTarget, redhatTarget } from "../../modules/hosts/linux/linux.ts";
import { Dev } from "../../stacks/dev.ts";
import { Prod } from "../../stacks/prod.ts";
import { exported } from "../support/exported.ts";
import { textOf } from "../support/exported-files.ts";

const SPREAD = ["web=10.0.0.12:edge", "data=10.0.0.10:db,cache", "node=10.0.0.11:guestbook"];

describe("a stack for Linux", () => {
  let dev: ExportedStack;
  let prod: ExportedStack;
  beforeAll(async () => {
    dev = await exported("dev", (app) => new Dev(app, targetOf(app, "dev")));
    prod = await exported("prod", (app) => new Prod(app, targetOf(app, "prod")));
  });

  const filesOf = (stack: ExportedStack, spread: readonly string[] = [], target = debianTarget) => {
    const placed = stack.description.workloads.filter(({ role }) => !target.leavesOut?.has(role));
    const workloads = new Map(placed.map(({ name, nodes }) => [name, nodes]));
    const files = target.files(stack, machinesOf(spread, workloads));
    return new Map(files.map((file) => [file.path, file]));
  };
  const text = (files: ReadonlyMap<string, ExportedFile>, path: string) => textOf([...files.values()], path);

  test("has a plan, services and the steps for one machine", async () => {
    const files = filesOf(dev);
    for (const [path, golden] of [
      ["README.md", "linux-one-machine.md"],
      ["localhost/plan", "linux-one-machine.plan"],
      ["localhost/systemd/slipway-dev.target", "linux-systemd-target"],
      ["localhost/systemd/slipway-dev-db.service", "linux-systemd-database"],
      ["localhost/systemd/slipway-dev-cache.service", "linux-systemd-cache"],
      ["localhost/systemd/slipway-dev-guestbook-2.service", "linux-systemd-node"],
      ["localhost/systemd/slipway-dev-edge.service", "linux-systemd-edge"],
      ["localhost/sysv/slipway-dev-db", "linux-sysv-database"],
      ["localhost/sysv/slipway-dev-guestbook-2", "linux-sysv-node"],
      ["localhost/root/etc/slipway/dev/guestbook-2/environment", "linux-node-environment"],
      ["localhost/root/etc/slipway/dev/guestbook-2/listeners", "linux-node-listeners"],
      ["localhost/root/etc/logrotate.d/slipway-dev", "linux-logrotate"],
    ] as const) {
      await expect(text(files, path)).toMatchFileSnapshot(`${golden}.golden`);
    }
  });

  test("is the same over three machines, which let in each other alone", async () => {
    const files = filesOf(dev, SPREAD);
    for (const [path, golden] of [
      ["README.md", "linux-three-machines.md"],
      ["data/plan", "linux-data-machine.plan"],
      ["data/root/etc/slipway/dev/firewall.nft", "linux-data-machine.nft"],
      ["data/root/etc/slipway/dev/db/pg_hba.conf", "linux-data-machine-pg_hba.conf"],
      ["node/root/etc/slipway/dev/firewall.nft", "linux-node-machine.nft"],
    ] as const) {
      await expect(text(files, path)).toMatchFileSnapshot(`${golden}.golden`);
    }
    const url = text(files, "node/root/etc/slipway/dev/guestbook-1/secrets/db-url");
    expect(url).toMatch(
      /^postgresql:\/\/guestbook:\w+@db:5432\/guestbook\?sslmode=verify-full&sslrootcert=\/etc\/slipway\/dev\/guestbook-1\/secrets\/db-ca$/,
    );
    expect(text(files, "node/root/etc/slipway/dev/guestbook-1/environment")).toContain(
      'PGHOSTADDR="10.0.0.10"',
    );
    const httpd = text(files, "web/root/etc/slipway/dev/edge/httpd.conf");
    expect(httpd).toContain("BalancerMember uwsgi://10.0.0.11:8000 ");
    expect(httpd).toContain("BalancerMember uwsgi://10.0.0.11:8010 ");
    expect(files.has("web/root/var/lib/slipway/dev/volumes/guestbook-static/static/guestbook.css")).toBe(
      true,
    );
    expect(files.has("web/root/etc/slipway/dev/firewall.nft")).toBe(false);
  });

  test("leaves backups to the machine, and hands nothing over to one that is not there", () => {
    const files = filesOf(prod);
    expect(text(files, "README.md")).toContain("- backup-db: ");
    const conf = text(files, "localhost/root/etc/slipway/prod/db/postgresql.conf");
    expect(conf).not.toMatch(/archive|backup/);
    expect(conf.match(/unix_socket_directories/g)).toHaveLength(1);
    expect(text(files, "localhost/plan")).toContain("instance guestbook-jobs slipway-app ");
  });

  test("has Red Hat's names for Red Hat", async () => {
    const files = filesOf(dev, [], redhatTarget);
    await expect(text(files, "localhost/plan")).toMatchFileSnapshot("linux-redhat.plan.golden");
    await expect(text(files, "README.md")).toMatchFileSnapshot("linux-redhat.md.golden");
    const httpd = text(files, "localhost/root/etc/slipway/dev/edge/httpd.conf");
    expect(httpd).toContain("ServerRoot /etc/httpd\n");
    expect(httpd).not.toMatch(/lib\/apache2|etc\/apache2/);
    expect(text(files, "localhost/root/opt/slipway/dev/edge/bin/serve")).toContain(
      "exec httpd -D FOREGROUND",
    );
  });

  test("names no place of a container any more", () => {
    const places =
      /(?<![\w.-])(?:\/etc\/slipway\/(?!prod\/)|\/opt\/slipway\/(?!prod\/)|\/run\/(?:secrets|apache2|balancer)|\/run\/slipway\/(?!prod\/)|\/srv\/|\/usr\/local\/bin|\/usr\/share\/slipway|\/dev\/shm|\/var\/lib\/slipway\/(?!prod\/)|\/var\/lib\/app)[^\s"']*/g;
    const found = [...filesOf(prod)].flatMap(([path, { content }]) =>
      /\/app\/|README|\/install$/.test(path) || !path.startsWith("localhost/")
        ? []
        : [...String(content).matchAll(places)].map(([place]) => `${path}: ${place}`),
    );
    expect(found).toEqual([]);
  });

  test("has secrets that only their account may read", () => {
    for (const [path, { mode }] of filesOf(prod)) {
      if (path.includes("/secrets/")) expect([path, mode]).toEqual([path, 0o640]);
    }
  });

  test("is of scripts that a shell can read", () => {
    const files = filesOf(prod, ["a=10.0.0.1:db,cache,guestbook,guestbook-jobs", "b=10.0.0.2:edge"]);
    const scripts = [...files].filter(
      ([path, { content }]) => !path.includes("/app/") && /^#!\/bin\/sh/.test(String(content)),
    );
    expect(scripts.length).toBeGreaterThan(20);
    for (const [path, { content }] of scripts) {
      expect(() => execFileSync("sh", ["-n"], { input: String(content), stdio: "pipe" }), path).not.toThrow();
    }
  });
});
