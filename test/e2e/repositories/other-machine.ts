import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stageContext } from "../../../modules/engine/build-context.ts";
import { Name } from "../../../modules/values/name.ts";
import { certificateFor } from "../../support/certificate.ts";
import { docker, ok } from "../run.ts";

const IMAGE = "slipway-test-repositories";
/** The names that the two servers have on the network of a backup. */
export const HOSTS = { sftp: "keeper.example.org", s3: "store.example.org" } as const;

/** A container of the tests' own that stands for another machine. */
export class OtherMachine {
  readonly #id: string;
  readonly #folder: string;

  private constructor(id: string, folder: string) {
    this.#id = id;
    this.#folder = folder;
  }

  /** @param folder of the test, for keys */
  static async start(project: string, folder: string): Promise<OtherMachine> {
    const build = {
      name: Name.of("repositories"),
      context: [{ folder: import.meta.dirname, into: "" }],
      args: {},
    };
    const { folder: context } = stageContext(build, folder);
    await ok("docker", ["build", "--quiet", "--tag", IMAGE, context], { limit: 600 });
    const label = `slipway.project=${project}`;
    const id = await docker(
      "run",
      "--detach",
      "--init",
      "--label",
      label,
      IMAGE,
      "/usr/sbin/sshd",
      "-D",
      "-e",
    );
    const { key, cert } = certificateFor(HOSTS.s3);
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries({ "store.key": key, "store.crt": cert })) {
      writeFileSync(join(folder, name), text);
      await docker("cp", join(folder, name), `${id}:/opt/${name}`);
    }
    const moto = "/opt/store/bin/moto_server -H 0.0.0.0 -p 443 -c /opt/store.crt -k /opt/store.key";
    await docker("exec", "--detach", id, "sh", "-c", `exec ${moto}`);
    for (const [file, name] of [
      ["/home/keeper/.ssh/key", "ssh-key"],
      ["/etc/ssh/ssh_host_ed25519_key.pub", "host-key"],
    ] as const) {
      writeFileSync(join(folder, name), `${await docker("exec", id, "cat", file)}\n`);
    }
    // Any will do: the store checks none.
    writeFileSync(join(folder, "store-key"), "0123456789abcdef");
    const bucket = `import ssl, urllib.request as u
u.urlopen(u.Request("https://localhost/shop-backup", method="PUT"), context=ssl._create_unverified_context())`;
    await docker(
      "exec",
      id,
      "sh",
      "-c",
      `for i in $(seq 60); do python3 -c '${bucket}' && exit 0; sleep 0.5; done 2>/dev/null; exit 1`,
    );
    return new OtherMachine(id, folder);
  }

  /** Context of the stack that leads there. */
  get context(): Record<string, string> {
    return { keys: this.#folder };
  }

  /** Lets the containers of a network reach it. */
  async join(network: string): Promise<void> {
    const aliases = Object.values(HOSTS).flatMap((host) => ["--alias", host]);
    await docker("network", "connect", ...aliases, network, this.#id);
  }

  async remove(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.#id);
  }
}
