import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { docker, ok, run, until } from "../run.ts";

const HERE = import.meta.dirname;

/** A machine that SSH leads to, with the engine of this one. */
export class SshHost {
  /** Among the `hosts` of a target. */
  readonly context: {
    readonly name: string;
    readonly address: string;
    readonly hostKeys: readonly string[];
    readonly identity: string;
  };
  readonly #name: string;

  private constructor(name: string, context: SshHost["context"]) {
    this.#name = name;
    this.context = context;
  }

  /**
   * @param name of it on the engine, and the project that the test cleans up by
   * @param port of 127.0.0.1
   * @param folder for the key that opens it
   */
  static async start(name: string, port: number, folder: string): Promise<SshHost> {
    mkdirSync(folder, { recursive: true });
    const identity = join(folder, "id_ed25519");
    await ok("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", identity]);
    await docker("build", "--quiet", "--tag", name, HERE);
    await docker(
      ...["run", "--detach", "--init", "--name", name, "--label", `slipway.project=${name}`],
      ...["--publish", `127.0.0.1:${port}:22`, "--volume", "/var/run/docker.sock:/var/run/docker.sock"],
      ...["--env", `PUBLIC_KEY=${readFileSync(`${identity}.pub`, "utf8").trim()}`, name],
    );
    const scan = () => run("ssh-keyscan", ["-T", "2", "-t", "ed25519", "-p", `${port}`, "127.0.0.1"]);
    await until("the host answers", 20, async () => (await scan()).output.includes("ssh-ed25519 "));
    const key = await docker("exec", name, "cat", "/etc/ssh/ssh_host_ed25519_key.pub");
    const hostKeys = [key.split(" ").slice(0, 2).join(" ")];
    const address = `ssh://deploy@127.0.0.1:${port}`;
    return new SshHost(name, { name: "far", address, hostKeys, identity });
  }

  /** How often somebody was let in: what shares a connection is let in once. */
  async logins(): Promise<number> {
    return (await docker("logs", this.#name)).split("Accepted publickey for deploy").length - 1;
  }

  async remove(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.#name);
  }
}
