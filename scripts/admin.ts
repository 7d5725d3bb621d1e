import { type ChildProcess, spawn } from "node:child_process";
import { request } from "node:https";
import { connect } from "node:net";
import { Port } from "../modules/values/port.ts";
import { run, verb } from "./command.ts";
import { onSignals } from "./setup/interrupt.ts";
import { thisMachine } from "./setup/machine.ts";
import { Problem } from "./setup/problem.ts";
import { type Entrance, entrancesOf, sshHostOf, tunnelArguments } from "./stack/administration.ts";
import { type Stack, stackOf } from "./stack/stack.ts";

/** Somebody may have to type a passphrase, or to say yes to a host that is new. */
const TUNNEL_SECONDS = 120;

/** An entrance, and the port of this machine that leads there. */
type Opened = Entrance & { readonly here: number };

async function open(name: string, options: { port?: string }): Promise<void> {
  const stack = stackOf(name);
  const entrances = entrancesOf(stack);
  const tunnels = entrances.filter(({ mode }) => mode === "through-tunnel");
  for (const { hostname, port, paths } of entrances.filter(({ mode }) => mode === "over-tls")) {
    print(`The administration is served to everybody who has its password, over TLS:`, hostname, port, paths);
  }
  if (tunnels.length === 0) return;
  const ssh = await sshHostOf(stack, thisMachine);
  // Several edges take the ports after the one that was asked for.
  const first = ssh === undefined || options.port === undefined ? undefined : Port.parse(options.port).number;
  const opened = tunnels.map((entrance, at) => ({
    ...entrance,
    here: first === undefined ? entrance.port : first + at,
  }));
  if (ssh === undefined) {
    await Promise.all(opened.map((one) => mustAnswer(stack, one)));
    for (const one of opened) announce(one, "");
    return;
  }
  // Another stack may be at that port, and its visitor would take it for this one.
  for (const { here } of opened) await mustBeFree(here);
  const ports = opened.map(({ here, port }) => ({ here, there: port }));
  const child = spawn("ssh", tunnelArguments(ssh, ports), { stdio: "inherit" });
  const tunnel = new Tunnel(child);
  await tunnel.until(() =>
    Promise.all(opened.map(({ here }) => answers(here))).then((all) => all.every(Boolean)),
  );
  for (const one of opened) announce(one, ` on ${ssh.destination}`);
  process.stdout.write("\nThe tunnel is open until you press Ctrl-C.\n");
  await tunnel.end();
}

/** An ssh that runs, and ends with this process. */
class Tunnel {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  /** Whether it was asked to end. */
  #closing = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = new Promise((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) =>
        reject(error.code === "ENOENT" ? noSsh() : error),
      );
      child.once("exit", (code) => resolve(code));
    });
    // Told by whoever waits for it.
    this.#ended.catch(() => undefined);
    onSignals(() => this.#close());
  }

  /** Waits until the other end answers. @throws Problem when ssh ends before, or nothing does in time */
  async until(ready: () => Promise<boolean>): Promise<void> {
    const ended = this.#ended.then(() => "ended" as const);
    for (const deadline = Date.now() + TUNNEL_SECONDS * 1000; Date.now() < deadline; ) {
      if (await ready()) return;
      const pause = new Promise((resolve) => setTimeout(resolve, 300));
      if ((await Promise.race([ended, pause])) === "ended") return this.end();
    }
    this.#close();
    throw new Problem({
      what: "The tunnel is open, but no edge answers at its end.",
      fix: "npm run status tells whether the edge is healthy",
    });
  }

  /** Waits until it is closed. @throws Problem when nobody asked for that */
  async end(): Promise<void> {
    const code = await this.#ended;
    if (this.#closing) return;
    throw new Problem({
      what: "ssh ended.",
      value: `exit code ${code}; what it said stands above`,
      fix: "mend that, then try again",
    });
  }

  #close(): void {
    this.#closing = true;
    this.#child.kill("SIGTERM");
  }
}

/** Whether an edge answers at a port of this machine. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    // It is asked for nothing but its health; the certificate is that of the site and not of localhost.
    const options = {
      host: "127.0.0.1",
      port,
      path: "/.slipway/health",
      headers: { host: `localhost:${port}` },
    };
    const sent = request({ ...options, rejectUnauthorized: false, timeout: 3000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    sent.once("timeout", () => sent.destroy());
    sent.once("error", () => resolve(false));
    sent.once("close", () => resolve(false));
    sent.end();
  });
}

async function mustAnswer({ name }: Stack, { edge, here }: Opened): Promise<void> {
  if (await answers(here)) return;
  throw new Problem({
    what: `The edge ${edge} does not answer at the end of the tunnel.`,
    value: `https://localhost:${here}/`,
    fix: `npm run status -- ${name} tells whether it runs, and npm start -- ${name} starts it`,
  });
}

async function mustBeFree(port: number): Promise<void> {
  const taken = await new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
  if (!taken) return;
  throw new Problem({
    what: "Something else listens at that port of this machine.",
    value: `127.0.0.1:${port}`,
    fix: "name another one for the tunnel: --port 8002",
  });
}

function announce({ edge, hostname, here, paths }: Opened, where: string): void {
  print(`The administration behind ${edge}${where}:`, "localhost", here, paths);
  if (hostname === "localhost") return;
  process.stdout.write(
    `The certificate is that of ${hostname}: the browser asks once whether localhost may have it.\n`,
  );
}

function print(title: string, host: string, port: number, paths: readonly string[]): void {
  const site = `https://${host}${port === 443 ? "" : `:${port}`}`;
  const urls = (paths.length === 0 ? ["/"] : paths).map((path) => `  ${site}${path}\n`);
  process.stdout.write(`${title}\n${urls.join("")}`);
}

function noSsh(): Problem {
  return new Problem({
    what: "There is no ssh command on the path.",
    fix: "install OpenSSH, such as the Debian package openssh-client",
  });
}

await run(
  verb("admin", "Open the way to the administration of a stack's applications, and tell its addresses.")
    .option("-p, --port <port>", "port of this machine for the tunnel (default: the one of the edge)")
    .addHelpText(
      "after",
      "\nWhere the engine is elsewhere, a tunnel through SSH is held open until Ctrl-C. Which stacks have an administration,\n" +
        "their edges say: admin: Admin.throughTunnel(), Admin.overTls(), or by default Admin.disabled().",
    )
    .action(open),
);
