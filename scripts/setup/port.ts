import { readdir, readlink } from "node:fs/promises";
import { createServer } from "node:net";
import { dockerCommand } from "./engine.ts";
import type { Machine } from "./machine.ts";
import type { Finding, Requirement } from "./requirement.ts";

/** The label of every container that a stack made; its value is the stack. */
export const STACK_LABEL = "slipway.stack";

/** Who listens on a port. */
export type Holder =
  | { readonly kind: "nobody" }
  | { readonly kind: "ours"; readonly container: string; readonly stack: string }
  | { readonly kind: "container"; readonly container: string }
  | { readonly kind: "process"; readonly pid: number; readonly command: string }
  | { readonly kind: "unknown" };

/** A TCP port that is free, or held by the edge of one of our stacks. */
export function port(machine: Machine, number: number): Requirement {
  return {
    name: `Port ${number}`,
    async check() {
      if (await isFree(number)) return judgePort(number, { kind: "nobody" });
      const holder = (await containerOn(machine, number)) ?? (await processOn(machine, number));
      return judgePort(number, holder ?? { kind: "unknown" });
    },
  };
}

/** Whether the port can be used, and what to do when it can't. */
export function judgePort(number: number, holder: Holder): Finding {
  const taken = (found: string, remedy: string): Finding => ({
    ok: false,
    found,
    wanted: "a free port, or one that our own edge holds",
    remedy: `${remedy}, or give the stack other ports in the context of cdktf.json`,
  });
  switch (holder.kind) {
    case "nobody":
      return { ok: true, found: "free" };
    case "ours":
      return { ok: true, found: `held by ${holder.container} of the stack ${holder.stack}` };
    case "container":
      return taken(`held by the container ${holder.container}`, `stop it: docker stop ${holder.container}`);
    case "process":
      return taken(
        `held by ${holder.command} (process ${holder.pid})`,
        `end that program (kill ${holder.pid}, or stop its service)`,
      );
    case "unknown":
      return taken(
        "held by a program that can't be seen",
        `find it (sudo lsof -iTCP:${number} -sTCP:LISTEN) and end it`,
      );
  }
}

/** Inodes of the sockets that listen on a port, from /proc/net/tcp or tcp6. */
export function listeningInodes(table: string, number: number): readonly string[] {
  const hex = number.toString(16).toUpperCase().padStart(4, "0");
  return table.split("\n").flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return state === "0A" && local?.endsWith(`:${hex}`) && inode !== undefined ? [inode] : [];
  });
}

async function isFree(number: number): Promise<boolean> {
  // Both, as a holder of one address of them lets the other be bound.
  return (await canListen(number, "0.0.0.0")) && (await canListen(number, "127.0.0.1"));
}

function canListen(number: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Ports below 1024 are refused to users (EACCES), which says nothing on whether they are taken.
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code !== "EADDRINUSE"));
    server.listen({ port: number, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

async function containerOn(machine: Machine, number: number): Promise<Holder | undefined> {
  const format = `{{.Names}}\t{{.Label "${STACK_LABEL}"}}`;
  const list = await machine.run(
    dockerCommand(machine, ["ps", "--filter", `publish=${number}`, "--format", format]),
  );
  const [container, stack] = (list.stdout.split("\n")[0] ?? "").split("\t");
  if (list.code !== 0 || !container) return undefined;
  return stack ? { kind: "ours", container, stack } : { kind: "container", container };
}

async function processOn(machine: Machine, number: number): Promise<Holder | undefined> {
  if (machine.platform === "linux") return processByInode(machine, number);
  const found = await machine.run(["lsof", "-nP", `-iTCP:${number}`, "-sTCP:LISTEN", "-Fpc"]);
  const pid = /^p(\d+)$/m.exec(found.stdout)?.[1];
  const command = /^c(.+)$/m.exec(found.stdout)?.[1];
  return pid && command ? { kind: "process", pid: Number(pid), command } : undefined;
}

/** Looks through the open files of all processes, as neither ss nor lsof is on every machine. */
async function processByInode(machine: Machine, number: number): Promise<Holder | undefined> {
  const tables = await Promise.all(["/proc/net/tcp", "/proc/net/tcp6"].map((path) => machine.read(path)));
  const sockets = tables.flatMap((table) =>
    listeningInodes(table ?? "", number).map((inode) => `socket:[${inode}]`),
  );
  if (sockets.length === 0) return undefined;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    // Other users' processes can't be looked into.
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => "");
      if (!sockets.includes(target)) continue;
      const command = (await machine.read(`/proc/${pid}/comm`))?.trim() ?? "?";
      return { kind: "process", pid: Number(pid), command };
    }
  }
  return undefined;
}
