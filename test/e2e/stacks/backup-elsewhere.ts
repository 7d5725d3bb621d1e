import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Construct } from "constructs";
import { Backup } from "../../../modules/backup/backup.ts";
import { Repository } from "../../../modules/backup/repository.ts";
import { Docker } from "../../../modules/engine/docker.ts";
import { Environment } from "../../../modules/environment/environment.ts";
import { Postgres } from "../../../modules/postgres/postgres.ts";
import { Secret } from "../../../modules/values/secret.ts";
import { synthesize } from "../../../stacks/synthesize.ts";

/** A database with backups on another machine. */
class Elsewhere extends Environment {
  constructor(scope: Construct, id: string, to: Repository) {
    super(scope, id, { engine: Docker.local(), purpose: "development" });
    const db = new Postgres(this, "db", { memory: "512 MiB" });
    new Backup(this, "backup", { of: [db], to });
  }
}

synthesize((app) => {
  const { host, ports, hostKeys, keys, authority } = JSON.parse(app.node.getContext("machine"));
  new Elsewhere(
    app,
    "sftp",
    Repository.sftp({
      host,
      port: ports.sftp,
      user: "keeper",
      path: "/backup",
      key: Secret.fromFile("ssh-key", join(keys, "ssh-key")),
      hostKeys,
    }),
  );
  new Elsewhere(
    app,
    "s3",
    Repository.s3({
      endpoint: `${host}:${ports.s3}`,
      region: "eu-1",
      bucket: "shop-backup",
      accessKey: Secret.fromFile("access", join(keys, "access")),
      secretKey: Secret.fromFile("secret", join(keys, "secret")),
      authority: readFileSync(authority, "utf8"),
    }),
  );
});
