import { existsSync } from "node:fs";
import { docker, ok, type Result, run, until } from "../run.ts";

/** Names of the images and containers, and the project that the tests clean up by. */
export const HOST = "slipway-test-shared-hosting";
/** What pip inside of the container needs behind an inspecting proxy. */
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** A hosting company's server with one account, whose main configuration the account cannot change. */
export class SharedHost {
  readonly #name: string;

  private constructor(name: string) {
    this.#name = name;
  }

  /** @param kind `suexec` runs scripts as the account; `mod_python` has it inside of an Apache of the account's own */
  static async start(kind: "suexec" | "mod_python"): Promise<SharedHost> {
    await docker("build", "--quiet", "--tag", HOST, import.meta.dirname);
    const name = `${HOST}-${kind}`;
    const trusted = existsSync(CERTIFICATES)
      ? ["--volume", `${CERTIFICATES}:/host-certificates.pem:ro`, "--env", "PIP_CERT=/host-certificates.pem"]
      : [];
    await docker(
      ...["run", "--detach", "--init", "--name", name, "--label", `slipway.project=${HOST}`, ...trusted],
      ...[HOST, "start", ...(kind === "mod_python" ? [kind] : [])],
    );
    const host = new SharedHost(name);
    await until(
      "the host answers",
      20,
      async () => (await host.shell("curl -so /dev/null http://localhost/")).code === 0,
    );
    return host;
  }

  /** What somebody does by SFTP: a folder of this machine becomes one below the home. */
  async upload(folder: string, into: string): Promise<void> {
    await this.root("rm", "-rf", `/home/account/${into}`);
    await docker("cp", folder, `${this.#name}:/home/account/${into}`);
    await this.root("chown", "-R", "account:account", `/home/account/${into}`);
  }

  /** A command of the owner of the account, in the home. */
  shell(command: string): Promise<Result> {
    const words = ["--user", "account", "--workdir", "/home/account", "--env", "HOME=/home/account"];
    const trust = ["--env", "SSL_CERT_FILE=/etc/ssl/site.pem"];
    return run("docker", ["exec", ...words, ...trust, this.#name, "sh", "-c", command]);
  }

  /** A command of the hosting company. */
  root(...words: readonly string[]): Promise<string> {
    return ok("docker", ["exec", this.#name, ...words]);
  }

  /** What the panel's "Setup Python App" does. */
  async passenger(folder: string): Promise<void> {
    const conf = `PassengerEnabled on\\nPassengerAppRoot ${folder}\\nPassengerPython /usr/bin/python3\\n`;
    await this.root("sh", "-c", `printf '${conf}' > /etc/apache2/panel/app.conf && apachectl graceful`);
  }

  async log(): Promise<string> {
    return this.root("cat", "/var/log/apache2/error.log");
  }

  async remove(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.#name);
  }
}
