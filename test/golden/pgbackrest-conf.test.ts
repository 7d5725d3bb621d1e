import { expect, test } from "vitest";
import { pgbackrestConf } from "../../modules/backup/pgbackrest-conf.ts";
import { Repository } from "../../modules/backup/repository.ts";
import { Duration } from "../../modules/values/duration.ts";
import { Secret } from "../../modules/values/secret.ts";

const key = Secret.fromFile("key", "/keys/key");

test.each([
  ["directory", Repository.directory("/srv/backup")],
  [
    "sftp",
    Repository.sftp({
      host: "backup.example.org",
      port: 2222,
      user: "shop",
      path: "/backup",
      key,
      hostKeys: [`ssh-ed25519 ${"A".repeat(68)}`],
    }),
  ],
  [
    "s3",
    Repository.s3({
      endpoint: "s3.example.org",
      region: "eu-1",
      bucket: "shop",
      accessKey: key,
      secretKey: key,
      authority: "-----BEGIN CERTIFICATE-----\n",
    }),
  ],
])("%s", async (name, repository) => {
  const text = pgbackrestConf({
    stanza: "db",
    dataFolder: "/var/lib/postgresql/17",
    repository: repository.pgbackrest,
    keep: Duration.of("30 days"),
    isElsewhere: repository.isElsewhere,
  });
  await expect(text).toMatchFileSnapshot(`pgbackrest-${name}.conf.golden`);
});
