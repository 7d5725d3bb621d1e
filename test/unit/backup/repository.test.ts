import { expect, test } from "vitest";
import { Repository, type S3Props, type SftpProps } from "../../../modules/backup/repository.ts";
import { Secret } from "../../../modules/values/secret.ts";

const sftp = (changes: Partial<SftpProps> = {}) =>
  Repository.sftp({
    host: "backup.example.org",
    user: "shop",
    path: "/backup",
    key: Secret.fromFile("key", "/keys/backup"),
    hostKeys: [`ssh-ed25519 ${"A".repeat(68)}`, `ecdsa-sha2-nistp256 ${"B".repeat(140)}=`],
    ...changes,
  });
const s3 = (changes: Partial<S3Props> = {}) =>
  Repository.s3({
    endpoint: "s3.example.org:9000",
    region: "eu-1",
    bucket: "shop",
    accessKey: Secret.fromFile("access", "/keys/access"),
    secretKey: Secret.fromFile("secret", "/keys/secret"),
    ...changes,
  });

test("say in words where they are", () => {
  expect(Repository.volume().description).toBe("the engine's own volumes");
  expect(Repository.directory("/srv/backup").description).toBe("local folder /srv/backup");
  expect(sftp().description).toBe("sftp shop@backup.example.org:/backup");
  expect(s3().description).toBe("s3 s3.example.org:9000/shop/slipway");
});

test("only a storage is here", () => {
  expect(
    [Repository.volume(), Repository.directory("/srv/b"), sftp(), s3()].map((one) => one.isElsewhere),
  ).toEqual([false, false, true, true]);
});

test("no other server than the one that was named is talked to", () => {
  const known = (port?: number) =>
    sftp(port === undefined ? {} : { port }).files.find(({ path }) => path.endsWith("known_hosts"))?.content;
  expect(known()).toMatch(
    /^backup\.example\.org ssh-ed25519 A+\nbackup\.example\.org ecdsa-sha2-nistp256 B+=\n$/,
  );
  expect(known(2222)?.match(/^\[backup\.example\.org\]:2222 /gm)).toHaveLength(2);
  expect(sftp().pgbackrest["repo1-sftp-host-key-check-type"]).toBe("strict");
});

test("the private key ends its last line, which OpenSSH asks for and secrets do not keep", () => {
  const [secret] = sftp().secrets("backup");
  expect(secret?.secret.source).toMatchObject({ kind: "composed", parts: [{ name: "key" }, "\n"] });
});

test.each<[string, () => unknown]>([
  ["Invalid folder", () => Repository.directory("srv/backup")],
  ["Invalid user of a repository", () => sftp({ user: "shop user" })],
  ["Invalid path of a repository", () => sftp({ path: "/backup/" })],
  ["Invalid host key of a repository", () => sftp({ hostKeys: ["SHA256:abc"] })],
  ["Invalid host key of a repository", () => sftp({ hostKeys: [] })],
  ["Invalid bucket of a store", () => s3({ bucket: "Shop" })],
  ["Invalid port", () => s3({ endpoint: "s3.example.org:https" })],
  ["Invalid region of a store", () => s3({ region: "" })],
])("%s", (message, make) => {
  expect(make).toThrow(message);
});
