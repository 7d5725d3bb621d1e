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
import { HOSTS } from "../repositories/other-machine.ts";

/** A database with backups on another machine. */
class Elsewhere extends Environment {
  constructor(scope: Construct, id: string, to: Repository) {
    super(scope, id, { engine: Docker.local(), purpose: "development" });
    const db = new Postgres(this, "db", { memory: "512 MiB" });
    new Backup(this, "backup", { of: [db], to });
  }
}

synthesize((app) => {
  const keys: string = app.node.tryGetContext("keys");
  const hostKey = readFileSync(join(keys, "host-key"), "utf8").trim().split(" ").slice(0, 2).join(" ");
  new Elsewhere(
    app,
    "sftp",
    Repository.sftp({
      host: HOSTS.sftp,
      user: "keeper",
      path: "/backup",
      key: Secret.fromFile("ssh-key", join(keys, "ssh-key")),
      hostKey,
    }),
  );
  new Elsewhere(
    app,
    "s3",
    Repository.s3({
      endpoint: HOSTS.s3,
      region: "us-east-1",
      bucket: "shop-backup",
      accessKey: Secret.fromFile("access", join(keys, "store-key")),
      secretKey: Secret.fromFile("secret", join(keys, "store-key")),
      authority: readFileSync(join(keys, "store.crt"), "utf8"),
    }),
  );
});
