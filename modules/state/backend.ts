/**
 * Where Terraform keeps the state of a stack; each of them locks it while somebody deploys.
 *
 *     backend: Backend.local({ passphrase: Secret.generated("state-passphrase") })
 *     backend: Backend.postgres()
 *     backend: Backend.s3({ bucket: "shop-state", region: "eu-1", endpoint: "https://s3.example.org" })
 *
 * Credentials are no part of it: Terraform takes them from the variables that its backends know (PG_CONN_STR; AWS_*).
 */
import { InvalidValue } from "../values/invalid-value.ts";
import type { Secret } from "../values/secret.ts";

export interface BackendProps {
  /**
   * What the state is encrypted with, at least 16 characters; OpenTofu can, Terraform cannot.
   * @default the state is kept as it is
   */
  readonly passphrase?: Secret;
}

/** A database, which PG_CONN_STR leads to, such as `postgres://slipway:…@db.example.org/states`. */
export interface PostgresBackendProps extends BackendProps {
  /** Schema of the database that the state is kept in; made when it is not there. @default "<project>__<stack>" */
  readonly schema?: string;
}

/** A bucket of a store that speaks S3, with conditional writes, by which the lock is taken. */
export interface S3BackendProps extends BackendProps {
  readonly bucket: string;
  readonly region: string;
  /** Name of the state in the bucket. @default "<project>/<stack>.tfstate" */
  readonly key?: string;
  /** Address of the store, `https://…`. @default that of AWS for the region */
  readonly endpoint?: string;
  /** File with the certificate (PEM) of the authority that signed the store's. @default those that this machine trusts */
  readonly authority?: string;
}

/** Which state it is. */
export interface StateOf {
  readonly project: string;
  readonly stack: string;
  /** File of a local state, relative to the folder that Terraform runs in. */
  readonly file: string;
}

type Kind = "local" | "pg" | "s3";
type Attributes = Readonly<Record<string, unknown>>;

export class Backend {
  /** Keeps other classes with the same members from being taken for a backend. */
  protected declare readonly brand: "Backend";
  /** As Terraform calls it. */
  readonly kind: Kind;
  readonly passphrase: Secret | undefined;
  readonly #attributes: (state: StateOf) => Attributes;

  private constructor(kind: Kind, props: BackendProps, attributes: (state: StateOf) => Attributes) {
    this.kind = kind;
    this.passphrase = props.passphrase;
    this.#attributes = attributes;
  }

  /** A file below `.slipway`, locked by the operating system. */
  static local(props: BackendProps = {}): Backend {
    return new Backend("local", props, ({ file }) => ({ path: file }));
  }

  /**
   * A schema in a PostgreSQL database, locked by an advisory lock: it ends with the connection, so a run that was killed
   * leaves none.
   * @throws InvalidValue for a schema that would have to be quoted
   */
  static postgres(props: PostgresBackendProps = {}): Backend {
    const { schema } = props;
    if (schema !== undefined && !/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
      throw new InvalidValue({
        what: "schema of a state",
        got: schema,
        allowed: "small letters, digits and underscores, a letter first, 63 at most",
        fix: 'Write it like "shop_prod", or leave it out',
      });
    }
    return new Backend("pg", props, ({ project, stack }) => ({
      // Two underscores: shop-eu and prod are not shop and eu-prod.
      schema_name: schema ?? `${project}__${stack}`.replaceAll("-", "_").toLowerCase(),
    }));
  }

  /**
   * An object in a bucket, locked by another beside it, which Terraform 1.10, OpenTofu 1.10 and later can.
   * @throws InvalidValue for an address that is not one of https, and for names that a bucket or an object cannot have
   */
  static s3(props: S3BackendProps): Backend {
    const { bucket, region, key, endpoint, authority } = props;
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
      throw new InvalidValue({
        what: "bucket of a state",
        got: bucket,
        allowed: "3 to 63 small letters, digits, dots and hyphens",
        fix: 'Write it like "shop-state"',
      });
    }
    if (key !== undefined && !/^[\w.-]+(\/[\w.-]+)*$/.test(key)) {
      throw new InvalidValue({
        what: "key of a state",
        got: key,
        allowed: "a path without a slash at its ends",
        fix: 'Write it like "shop/prod.tfstate", or leave it out',
      });
    }
    if (endpoint !== undefined && !/^https:\/\/[^/\s@]+\/?$/.test(endpoint)) {
      throw new InvalidValue({
        what: "endpoint of a state",
        got: endpoint.replace(/\/\/.*@/, "//…@"),
        allowed: "an address like https://s3.example.org, without a path and without credentials",
        fix: "Write it so; credentials are taken from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
      });
    }
    return new Backend("s3", props, ({ project, stack }) => ({
      bucket,
      region,
      key: key ?? `${project}/${stack}.tfstate`,
      use_lockfile: true,
      ...(authority !== undefined && { custom_ca_bundle: authority }),
      // Another store than that of AWS has none of its regions, accounts and metadata.
      ...(endpoint !== undefined && {
        endpoints: { s3: endpoint },
        use_path_style: true,
        skip_credentials_validation: true,
        skip_metadata_api_check: true,
        skip_region_validation: true,
        skip_requesting_account_id: true,
      }),
    }));
  }

  /** What Terraform's `backend` block says. */
  attributes(state: StateOf): Attributes {
    return this.#attributes(state);
  }
}
