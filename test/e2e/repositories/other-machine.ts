import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TestAuthority } from "../../support/certificates.ts";
import { docker, ok, until } from "../run.ts";

const HERE = import.meta.dirname;
/** Kept between runs: Go looks for itself whether it is that of go.sum. */
const PROGRAM = join(HERE, "../../../.slipway/repositories/versitygw");
const SFTP_PORT = 25_022;
const S3_PORT = 25_443;

/** A machine outside of every stack with an SFTP server and a store that speaks S3, reached by the address of this machine. */
export class OtherMachine {
  /** Context of the stack that leads there. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Address of the store, and the file of the authority that signed its certificate. */
  readonly store: { readonly endpoint: string; readonly authority: string };
  readonly #name: string;

  private constructor(
    name: string,
    context: Readonly<Record<string, unknown>>,
    store: OtherMachine["store"],
  ) {
    this.#name = name;
    this.context = context;
    this.store = store;
  }

  /**
   * Builds the store with Go, which takes minutes the first time.
   * @param name of it and of all that it has on the engine; the project that the test cleans up by
   * @param folder of the test's own, for keys
   */
  static async start(name: string, folder: string): Promise<OtherMachine> {
    mkdirSync(folder, { recursive: true });
    await buildStore();
    for (const file of [PROGRAM, join(HERE, "Dockerfile"), join(HERE, "start")]) {
      cpSync(file, join(folder, file.slice(file.lastIndexOf("/") + 1)));
    }
    await docker("build", "--quiet", "--tag", name, folder);
    // The address of this machine in a network of its own: only who may leave the networks of a stack gets there.
    await docker("network", "create", "--label", `slipway.project=${name}`, name);
    const host = await docker("network", "inspect", name, "--format", "{{(index .IPAM.Config 0).Gateway}}");
    const authority = new TestAuthority(join(folder, "authority"));
    const { certificate, key } = authority.issue("store", [`IP:${host}`]);
    const keys = { access: randomBytes(10).toString("hex"), secret: randomBytes(20).toString("hex") };
    await docker(
      ...["create", "--init", "--name", name, "--label", `slipway.project=${name}`, "--network", name],
      ...["--publish", `${host}:${SFTP_PORT}:22`, "--publish", `${host}:${S3_PORT}:7070`],
      ...["--env", `ACCESS=${keys.access}`, "--env", `SECRET=${keys.secret}`, name],
    );
    await docker("cp", certificate, `${name}:/store.pem`);
    await docker("cp", key, `${name}:/store-key.pem`);
    await docker("start", name);
    const endpoint = `https://${host}:${S3_PORT}`;
    await until("the other machine answers", 60, async () => {
      const words = ["--silent", "--cacert", authority.certificate, endpoint];
      return ok("curl", words).then(
        () => true,
        () => false,
      );
    });
    for (const [file, text] of Object.entries(keys)) writeFileSync(join(folder, file), text);
    writeFileSync(join(folder, "ssh-key"), `${await docker("exec", name, "cat", "/home/keeper/.ssh/key")}\n`);
    const scanned = await docker("exec", name, "sh", "-c", "cat /etc/ssh/ssh_host_*_key.pub");
    const hostKeys = scanned.split("\n").map((line) => line.split(" ").slice(0, 2).join(" "));
    const context = {
      ...{ host, ports: { sftp: SFTP_PORT, s3: S3_PORT }, hostKeys },
      ...{ keys: folder, authority: authority.certificate },
    };
    const store = { endpoint, authority: authority.certificate };
    return new OtherMachine(name, { machine: JSON.stringify(context) }, store);
  }

  /** What a shell command there printed. */
  run(script: string): Promise<string> {
    return docker("exec", this.#name, "sh", "-c", script);
  }

  async remove(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.#name);
    await docker("network", "rm", this.#name);
  }
}

async function buildStore(): Promise<void> {
  const words = `build -mod=readonly -trimpath -o ${PROGRAM} github.com/versity/versitygw/cmd/versitygw`;
  await ok("go", words.split(" "), { cwd: HERE, env: { CGO_ENABLED: "0", GOWORK: "off" }, limit: 1200 });
}
