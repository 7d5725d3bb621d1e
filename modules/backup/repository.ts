/**
 * Where backups are kept, and how both tools get there.
 *
 *     to: Repository.directory("/srv/backup")
 *     to: Repository.sftp({ host: "backup.example.org", user: "shop", path: "/backup", key, hostKeys: ["ssh-ed25519 AAAA…", …] })
 *     to: Repository.s3({ endpoint: "s3.example.org", region: "eu-1", bucket: "shop", accessKey, secretKey })
 */
import type { ConfigFile, SecretFile } from "../engine/workload.ts";
import { LocalDisk } from "../storage/local-disk.ts";
import type { Storage } from "../storage/storage.ts";
import { Hostname } from "../values/hostname.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Port } from "../values/port.ts";
import { Secret } from "../values/secret.ts";

/** Where a repository that is a storage is seen in containers: below it `databases` and `files`. */
export const MOUNT = "/srv/backup";

const KNOWN_HOSTS = "/etc/slipway/known_hosts";
const SSH_KEY = "/run/secrets/ssh-key";
const AUTHORITY = "/etc/slipway/repository-ca.pem";
const AWS_CREDENTIALS = "/run/secrets/aws-credentials";

/** A machine that is reached by SFTP. */
export interface SftpProps {
  readonly host: string;
  /** @default 22 */
  readonly port?: number;
  readonly user: string;
  /** Absolute path of a folder that the user may write to. */
  readonly path: string;
  /** Private key of the user, without a passphrase. */
  readonly key: Secret;
  /**
   * The server's own keys, each as `ssh-keyscan` prints it after the host's name; no other server is talked to. All kinds
   * that it has: pgBackRest does not ask for one that is known, and takes for another server whose first choice is not.
   */
  readonly hostKeys: readonly string[];
}

/** A bucket of a store that speaks S3. */
export interface S3Props {
  /** Host name, and port where it is not 443; always over TLS. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** Folder in the bucket, absolute. @default "/slipway" */
  readonly path?: string;
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  /** Certificate (PEM) of the authority that signed the store's. @default those that Debian trusts */
  readonly authority?: string;
  /** How the bucket stands in an address: as its first folder, or as a part of the host name. @default "path" */
  readonly buckets?: "path" | "host";
}

/** What the tools need for one kind of repository. */
interface Access {
  readonly description: string;
  /** The storage that it is, where it is one. */
  readonly storage?: Storage;
  /** Options of pgbackrest.conf. */
  readonly pgbackrest: Readonly<Record<string, string>>;
  /** Options of pgbackrest.conf that are secret. */
  readonly pgbackrestSecrets?: Readonly<Record<string, Secret>>;
  /** Variables of restic. */
  readonly restic: Readonly<Record<string, string>>;
  readonly files?: readonly ConfigFile[];
  readonly secrets?: (owner: string) => readonly SecretFile[];
}

/** A place for backups. */
export class Repository {
  /** Keeps other classes with the same members from being taken for a repository. */
  protected declare readonly brand: "Repository";
  /** In words: `local folder /srv/backup`. */
  readonly description: string;
  readonly storage: Storage | undefined;
  readonly #access: Access;

  private constructor(access: Access) {
    this.#access = access;
    this.description = access.description;
    this.storage = access.storage;
  }

  /** The engine's own volumes: for a laptop, and to try things out; a disk that fails takes data and backups. */
  static volume(): Repository {
    return Repository.on(LocalDisk.volumes());
  }

  /**
   * A folder of the host, with the folders `databases` and `files` in it.
   * @throws InvalidValue when the path is not absolute.
   */
  static directory(path: string): Repository {
    return Repository.on(LocalDisk.folder(path));
  }

  /** A storage, such as `Nfs.v4("10.0.0.20", "/tank/backup")`. */
  static on(storage: Storage): Repository {
    return new Repository({
      description: storage.description,
      storage,
      pgbackrest: { "repo1-type": "posix", "repo1-path": `${MOUNT}/databases` },
      restic: { RESTIC_REPOSITORY: `${MOUNT}/files` },
    });
  }

  /**
   * Another machine, by SFTP.
   * @throws InvalidValue for a host, a port, a user, a path or a host key that cannot be one.
   */
  static sftp({ host, port = 22, user, path, key, hostKeys }: SftpProps): Repository {
    const server = Hostname.of(host).text;
    const { number } = Port.of(port);
    const login = checked(user, /^[a-z_][a-z0-9_.-]*$/i, "user of a repository", "a login name", "shop");
    const folder = folderOf(path);
    const name = number === 22 ? server : `[${server}]:${number}`;
    const known = (hostKeys.length === 0 ? [""] : hostKeys).map((one) => `${name} ${checkedHostKey(one)}\n`);
    return new Repository({
      description: `sftp ${login}@${server}:${folder}`,
      pgbackrest: {
        "repo1-type": "sftp",
        "repo1-path": `${folder}/databases`,
        "repo1-sftp-host": server,
        "repo1-sftp-host-port": `${number}`,
        "repo1-sftp-host-user": login,
        "repo1-sftp-host-key-check-type": "strict",
        "repo1-sftp-host-key-hash-type": "sha256",
        "repo1-sftp-known-host": KNOWN_HOSTS,
        "repo1-sftp-private-key-file": SSH_KEY,
      },
      restic: { RESTIC_REPOSITORY: `sftp:${login}@${server}:${folder}/files` },
      files: [
        { path: KNOWN_HOSTS, content: known.join("") },
        {
          path: "/etc/ssh/ssh_config.d/slipway.conf",
          content: `Host ${server}
  Port ${number}
  IdentityFile ${SSH_KEY}
  IdentitiesOnly yes
  BatchMode yes
  UserKnownHostsFile ${KNOWN_HOSTS}
  StrictHostKeyChecking yes
`,
        },
      ],
      // Without an end of its last line, which secrets do not keep, OpenSSH does not take it for a key.
      secrets: (owner) => [{ secret: Secret.text(`${owner}_ssh_key`)`${key}\n`, path: SSH_KEY }],
    });
  }

  /**
   * A store that speaks S3, over TLS.
   * @throws InvalidValue for an endpoint, a region, a bucket or a path that cannot be one.
   */
  static s3(props: S3Props): Repository {
    const { accessKey, secretKey, authority, buckets = "path" } = props;
    const [name = "", port] = props.endpoint.split(":");
    const endpoint = `${Hostname.of(name)}${port === undefined ? "" : `:${Port.parse(port)}`}`;
    const region = checked(
      props.region,
      /^[a-z0-9-]+$/i,
      "region of a store",
      "letters, digits and hyphens",
      "eu-1",
    );
    const bucket = checked(
      props.bucket,
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      "bucket of a store",
      "3 to 63 lower-case letters, digits, dots and hyphens",
      "shop-backup",
    );
    const folder = folderOf(props.path ?? "/slipway");
    return new Repository({
      description: `s3 ${endpoint}/${bucket}${folder}`,
      pgbackrest: {
        "repo1-type": "s3",
        "repo1-path": `${folder}/databases`,
        "repo1-s3-endpoint": endpoint,
        "repo1-s3-region": region,
        "repo1-s3-bucket": bucket,
        "repo1-s3-uri-style": buckets,
        ...(authority !== undefined && { "repo1-storage-ca-file": AUTHORITY }),
      },
      pgbackrestSecrets: { "repo1-s3-key": accessKey, "repo1-s3-key-secret": secretKey },
      restic: {
        RESTIC_REPOSITORY: `s3:https://${endpoint}/${bucket}${folder}/files`,
        AWS_DEFAULT_REGION: region,
        AWS_SHARED_CREDENTIALS_FILE: AWS_CREDENTIALS,
        ...(authority !== undefined && { RESTIC_CACERT: AUTHORITY }),
      },
      files: authority === undefined ? [] : [{ path: AUTHORITY, content: authority }],
      secrets: (owner) => [
        {
          secret: Secret.text(
            `${owner}_aws_credentials`,
          )`[default]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretKey}\n`,
          path: AWS_CREDENTIALS,
        },
      ],
    });
  }

  /** Whether containers have to leave the host's own networks to get there. */
  get isElsewhere(): boolean {
    return this.storage === undefined;
  }

  /** Options of pgbackrest.conf. */
  get pgbackrest(): Readonly<Record<string, string>> {
    return this.#access.pgbackrest;
  }

  /** Options of pgbackrest.conf that belong into a secret file. */
  get pgbackrestSecrets(): Readonly<Record<string, Secret>> {
    return this.#access.pgbackrestSecrets ?? {};
  }

  /** Environment variables of restic; none is secret. */
  get restic(): Readonly<Record<string, string>> {
    return this.#access.restic;
  }

  get files(): readonly ConfigFile[] {
    return this.#access.files ?? [];
  }

  /** @param owner first part of the names of secrets that are made for it */
  secrets(owner: string): readonly SecretFile[] {
    return this.#access.secrets?.(owner) ?? [];
  }
}

function folderOf(path: string): string {
  return checked(
    path,
    /^(\/[\w.-]+)+$/,
    "path of a repository",
    "an absolute path without a slash at its end",
    "/backup",
  );
}

function checkedHostKey(key: string): string {
  return checked(
    key,
    /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{40,}={0,2}$/,
    "host key of a repository",
    "the kind and the key, as ssh-keyscan prints them after the name",
    "ssh-ed25519 AAAA…",
  );
}

function checked(got: string, form: RegExp, what: string, allowed: string, example: string): string {
  if (form.test(got)) return got;
  throw new InvalidValue({ what, got, allowed, fix: `Write for example "${example}"` });
}
