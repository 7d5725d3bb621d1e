import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SecretStore } from "../../../modules/engine/secret-store.ts";
import { certifies } from "../../../modules/engine/server-certificate.ts";
import { InvalidValue } from "../../../modules/values/invalid-value.ts";
import { Secret } from "../../../modules/values/secret.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const VARIABLE = "SLIPWAY_TEST_SECRET";
let folder: string;
let store: SecretStore;

beforeEach(() => {
  folder = join(temporaryFolder(), "secrets", "dev");
  store = new SecretStore(folder);
});

afterEach(() => {
  delete process.env[VARIABLE];
});

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const read = (secret: Secret) => readFileSync(store.get(secret).file, "utf8");
const printing = (code: string) => Secret.fromCommand("key", [process.execPath, "-e", code]);

function fileWith(content: string): Secret {
  const path = join(temporaryFolder(), "password");
  writeFileSync(path, content);
  return Secret.fromFile("key", path);
}

test("files are for their owner only, whatever the umask", () => {
  const before = process.umask(0);
  try {
    const { file } = store.get(Secret.generated("db-password"));
    expect(file).toBe(join(folder, "db-password"));
    expect(modeOf(folder)).toBe("700");
    for (const name of readdirSync(folder)) expect([name, modeOf(join(folder, name))]).toEqual([name, "600"]);
    expect(readdirSync(folder).sort()).toEqual([".fingerprint-key", "db-password"]);
  } finally {
    process.umask(before);
  }
});

describe("a generated secret", () => {
  test("has letters and digits, as many as were asked for", () => {
    expect(store.value(Secret.generated("short", { length: 16 }))).toMatch(/^[A-Za-z0-9]{16}$/);
    expect(store.value(Secret.generated("usual"))).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  test("is made once and kept, by this store and by the next one of the folder", () => {
    const secret = Secret.generated("db-password");
    const first = store.value(secret);
    expect(store.value(secret)).toBe(first);
    expect(new SecretStore(folder).value(secret)).toBe(first);
    expect(read(secret)).toBe(first);
  });

  test("differs by name and by store", () => {
    const values = [
      store.value(Secret.generated("one")),
      store.value(Secret.generated("two")),
      new SecretStore(temporaryFolder()).value(Secret.generated("one")),
    ];
    expect(new Set(values).size).toBe(3);
  });

  test("uses all of its alphabet", () => {
    const drawn = Array.from({ length: 20 }, (_, at) =>
      store.value(Secret.generated(`key-${at}`, { length: 256 })),
    );
    expect(new Set(drawn.join("")).size).toBe(62);
  });
});

describe("a certificate", () => {
  const key = Secret.privateKey("db_key");
  const certificate = (hostnames: readonly string[] = ["db", "db-pooler"]) =>
    Secret.certificate("db_certificate", { key, hostnames });
  const parsed = () => new X509Certificate(store.value(certificate()));

  test("is one of its key, for its names, signed by itself, and no authority over others", () => {
    expect(parsed().checkPrivateKey(createPrivateKey(store.value(key)))).toBe(true);
    expect(parsed().verify(createPublicKey(store.value(key)))).toBe(true);
    expect(parsed().subjectAltName).toBe("DNS:db, DNS:db-pooler");
    expect(parsed().ca).toBe(false);
    expect(modeOf(store.get(key).file)).toBe("600");
  });

  test("is kept, until its names change", () => {
    const first = store.value(certificate());
    expect(new SecretStore(folder).value(certificate())).toBe(first);
    expect(store.value(certificate(["db"]))).not.toBe(first);
  });

  test("is made anew for another key", () => {
    const first = store.value(certificate());
    rmSync(store.get(key).file);
    expect(store.value(certificate())).not.toBe(first);
    expect(parsed().checkPrivateKey(createPrivateKey(store.value(key)))).toBe(true);
  });

  test("is made anew two years before it ends", () => {
    const [text, value] = [store.value(certificate()), store.value(key)];
    const end = Date.parse(parsed().validTo);
    const day = 24 * 3600 * 1000;
    const names = ["db", "db-pooler"];
    expect(certifies(text, value, names, new Date(end - 731 * day))).toBe(true);
    expect(certifies(text, value, names, new Date(end - 729 * day))).toBe(false);
  });
});

describe("a secret from elsewhere", () => {
  test.each([
    ["hunter2", "hunter2"],
    ["hunter2\n", "hunter2"],
    ["hunter2\r\n", "hunter2"],
    [" two words \n\n", " two words \n"],
  ])("is the content of a file, %j, without the end of its last line", (content, value) => {
    expect(read(fileWith(content))).toBe(value);
  });

  test("is the value of a variable", () => {
    process.env[VARIABLE] = "hunter2";
    expect(read(Secret.fromEnvironment("key", VARIABLE))).toBe("hunter2");
  });

  test("is what a command prints; what it says aside is not shown", () => {
    expect(read(printing("console.error('unlocked'); console.log('hunter2')"))).toBe("hunter2");
  });

  test("is read anew each time, so that a rotated one arrives", () => {
    process.env[VARIABLE] = "old";
    const secret = Secret.fromEnvironment("key", VARIABLE);
    const before = store.get(secret);
    process.env[VARIABLE] = "new";
    const after = store.get(secret);
    expect(after.file).toBe(before.file);
    expect(after.fingerprint).not.toBe(before.fingerprint);
    expect(readFileSync(after.file, "utf8")).toBe("new");
    expect(modeOf(after.file)).toBe("600");
  });
});

test("a composed secret is its parts, one after another", () => {
  const password = Secret.generated("db-password");
  process.env[VARIABLE] = "shop";
  const user = Secret.fromEnvironment("db-user", VARIABLE);
  const url = Secret.text("db-url")`postgresql://${user}:${password}@db:5432/shop`;
  expect(read(url)).toBe(`postgresql://shop:${store.value(password)}@db:5432/shop`);
  expect(modeOf(store.get(url).file)).toBe("600");
});

describe("a fingerprint", () => {
  const same = () => fileWith("hunter2");

  test("stays within a store, also for the next run", () => {
    const { fingerprint } = store.get(same());
    expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(store.get(same()).fingerprint).toBe(fingerprint);
    expect(new SecretStore(folder).get(same()).fingerprint).toBe(fingerprint);
  });

  test("of one value differs between two stores", () => {
    expect(new SecretStore(temporaryFolder()).get(same()).fingerprint).not.toBe(
      store.get(same()).fingerprint,
    );
  });

  test("of two values differs within a store", () => {
    expect(store.get(fileWith("hunter3")).fingerprint).not.toBe(store.get(same()).fingerprint);
  });

  test("is no plain digest, which could be guessed at", () => {
    for (const algorithm of ["md5", "sha1", "sha256", "sha512"]) {
      const digest = createHash(algorithm).update("hunter2").digest("hex");
      expect(digest).not.toContain(store.get(same()).fingerprint);
    }
  });
});

describe("a source that gives nothing is explained without a value", () => {
  const failing = "process.stdout.write('hunter2'); process.stderr.write('hunter2'); process.exit(1)";
  test.each<[string, () => Secret, string]>([
    ["a missing file", () => Secret.fromFile("key", "/nowhere/password"), "file /nowhere/password"],
    ["an empty file", () => fileWith("\n"), "password"],
    ["a folder", () => Secret.fromFile("key", temporaryFolder()), "file "],
    ["a variable that is not set", () => Secret.fromEnvironment("key", VARIABLE), `variable ${VARIABLE}`],
    ["a command that fails", () => printing(failing), `command ${process.execPath}`],
    ["a command that prints nothing", () => printing(""), `command ${process.execPath}`],
    [
      "a command that there is not",
      () => Secret.fromCommand("key", ["/nowhere/pass", "hunter2"]),
      "command /nowhere/pass",
    ],
  ])("%s", (_, make, got) => {
    const attempt = () => store.get(make());
    expect(attempt).toThrow(InvalidValue);
    let message = "";
    try {
      attempt();
    } catch (error) {
      message = (error as InvalidValue).message;
    }
    expect(message).toContain("Invalid source of the secret key");
    expect(message).toContain(got);
    expect(message).not.toContain("hunter2");
    expect(message).not.toContain("\n");
    expect(existsSync(join(folder, "key"))).toBe(false);
  });
});

test("a half-written file of an interrupted run is not taken", () => {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  for (const draft of ["db-password.1", `db-password.${process.pid}`])
    writeFileSync(join(folder, draft), "half");
  expect(store.value(Secret.generated("db-password"))).toMatch(/^[A-Za-z0-9]{32}$/);
});

test("a value that would have to be escaped in an address is refused, and not shown", () => {
  const url = (value: string) =>
    Secret.text("url")`postgresql://shop:${Secret.forAddress(fileWith(value))}@db/shop`;
  expect(store.value(url("correct-Horse_1.~\n"))).toBe("postgresql://shop:correct-Horse_1.~@db/shop");
  for (const value of ["p@ss", "50%", "a/b", "two words", "grün"]) {
    let message = "";
    try {
      store.value(url(value));
    } catch (error) {
      message = `${error}`;
    }
    expect(message).toContain("value of the secret key");
    expect(message).not.toContain(value);
  }
});
