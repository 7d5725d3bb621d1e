import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stageContext } from "../../modules/engine/build-context.ts";
import { serverImage } from "../../modules/postgres/server-image.ts";
import { TestAuthority } from "../support/certificates.ts";
import { docker, until } from "./run.ts";

const PORT = 25_432;
const PASSWORD = "of-the-team.1";

/** A PostgreSQL server that a team might have already: outside of every stack, reached by the address of the machine. */
export class ExternalServer {
  readonly host: string;
  readonly port = PORT;
  readonly passwordFile: string;
  /** Certificate of its authority. */
  readonly authority: string;
  readonly #name: string;

  private constructor(name: string, host: string, folder: string, authority: string) {
    this.#name = name;
    this.host = host;
    this.passwordFile = join(folder, "password");
    this.authority = authority;
  }

  /** @param folder of the test's own, where its certificates and its password are */
  static async start(name: string, folder: string): Promise<ExternalServer> {
    const image = `${name}:latest`;
    const context = stageContext(serverImage(17), join(folder, "images"));
    await docker("build", "--quiet", "--tag", image, context.folder);
    // The address of the machine in a network of the server's own, which other containers reach as well.
    await docker("network", "create", "--label", `slipway.project=${name}`, name);
    const host = await docker("network", "inspect", name, "--format", "{{(index .IPAM.Config 0).Gateway}}");
    const authority = new TestAuthority(join(folder, "authority"));
    const { certificate, key } = authority.issue("server", [`IP:${host}`]);
    const server = new ExternalServer(name, host, folder, authority.certificate);
    writeFileSync(server.passwordFile, `${PASSWORD}\n`);
    writeFileSync(
      join(folder, "start"),
      `set -eu
initdb --pgdata=/tmp/data --username=postgres --auth-local=trust > /dev/null
echo "hostssl all all all scram-sha-256" >> /tmp/data/pg_hba.conf
exec postgres -D /tmp/data -c listen_addresses='*' -c unix_socket_directories=/tmp -c ssl=on \\
  -c ssl_cert_file=/tmp/server.crt -c ssl_key_file=/tmp/server.key
`,
    );
    await docker(
      ...["run", "--detach", "--network", name, "--name", name, "--label", `slipway.project=${name}`],
      ...["--publish", `${host}:${PORT}:5432`, "--user", "root", "--entrypoint", "sh", image],
      ...[
        "-c",
        "until [ -f /tmp/start ]; do sleep 0.1; done; exec setpriv --reuid=5432 --regid=5432 --clear-groups sh /tmp/start",
      ],
    );
    await docker("cp", certificate, `${name}:/tmp/server.crt`);
    await docker("cp", key, `${name}:/tmp/server.key`);
    await docker("exec", "--user", "root", name, "chown", "postgres", "/tmp/server.key");
    await docker("cp", join(folder, "start"), `${name}:/tmp/start`);
    await until("the external server answers", 60, () =>
      server.sql("SELECT 1").then(
        () => true,
        () => false,
      ),
    );
    await server.sql(`CREATE ROLE crm LOGIN PASSWORD '${PASSWORD}'`);
    await server.sql("CREATE DATABASE crm OWNER crm");
    return server;
  }

  /** Says it as its superuser. */
  sql(statement: string, database = "postgres"): Promise<string> {
    return docker(
      ...["exec", this.#name, "psql", "-h", "/tmp", "-U", "postgres", "-d", database, "-Atc", statement],
    );
  }

  async remove(): Promise<void> {
    await docker("rm", "--force", "--volumes", this.#name);
    await docker("network", "rm", this.#name);
  }
}
