import type { Placed } from "./placement.ts";

const CACHE = 11211;
const DATABASE = 5432;

/**
 * Arguments that keep a server to the address that others reach it at. In a container it listens on all there are, which
 * are those of its networks.
 */
export function listenArguments({ workload, sockets }: Placed): readonly string[] {
  const socket = sockets.get(CACHE);
  if (workload.role !== "cache" || socket === undefined) return [];
  return ["-l", socket.address, ...(socket.port === CACHE ? [] : ["-p", `${socket.port}`])];
}

/** The same of PostgreSQL, whose configuration says it; any other text stays as it is. */
export function databaseAddress({ workload, sockets }: Placed, text: string): string {
  const socket = sockets.get(DATABASE);
  if (workload.role !== "database" || socket === undefined) return text;
  return text
    .replace("listen_addresses = '*'", `listen_addresses = '${socket.address}'`)
    .replace(`port = ${DATABASE}\n`, `port = ${socket.port}\n`);
}

/**
 * The same of Pound, which writes address and port on lines of their own, and asks for names what a container has beside it:
 * here each node is where it is.
 */
export function poundAddresses({ workload, sockets }: Placed, all: readonly Placed[], text: string): string {
  if (workload.image !== "pound") return text;
  const own = [...sockets];
  return text
    .replace(/# Of the image:.*\nResolver\n[\s\S]*?\nEnd\n\n/, "")
    .replace(
      /^ *# During a release the container before.*\n|^ *(?:Resolve all|Family inet|OverrideTTL 1|RetryInterval 1)\n/gm,
      "",
    )
    .replace(
      /Address "?([\w.-]+)"?\n( *)Port (\d+)/g,
      (found, name: string, indent: string, port: string) => {
        const mine = name === "0.0.0.0" || name === "127.0.0.1";
        const socket = mine
          ? own.find(([inside]) => inside === Number(port))?.[1]
          : all.find(({ instance }) => instance === name)?.sockets.get(Number(port));
        return socket === undefined ? found : `Address ${socket.address}\n${indent}Port ${socket.port}`;
      },
    );
}

/** How Pound is started where nobody has to look names up for it. */
export function poundCommand({ workload }: Placed, text: string): string {
  return workload.image === "pound" ? text.replace("exec names pound", "exec pound") : text;
}
