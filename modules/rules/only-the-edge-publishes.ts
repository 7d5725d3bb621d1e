import { isIPv4 } from "node:net";
import type { Workload } from "../engine/workload.ts";
import { Cidr } from "../values/cidr.ts";
import type { DescribedFileServer } from "./description.ts";
import { isLoopback } from "./loopback.ts";
import { isPrivate } from "./private-network.ts";
import type { Rule } from "./rule.ts";

export const onlyTheEdgePublishes: Rule = {
  id: "only-the-edge-publishes",
  statement:
    "Only the edge publishes ports, and a file server its own on a private address, for clients of private networks.",
  source: "recipe 11; known failure: Docker's address translation goes around the firewall of the host",
  check: ({ workloads, fileServers = [] }) =>
    workloads
      .filter(({ workload }) => workload.role !== "edge")
      .flatMap(({ path, workload }) => {
        const server = fileServers.find((one) => one.path === path);
        return workload.ports
          .filter(({ address }) => server === undefined || !isServed(workload, address, server))
          .map(({ address, host, container }) => ({
            path,
            got: `${address}:${host} published, leading to port ${container} of the ${workload.role}${server === undefined ? "" : `, for ${server.clients.join(", ") || "nobody"}`}`,
            ...(server === undefined ? NONE : PRIVATE),
          }));
      }),
};

const NONE = {
  allowed: "no published port",
  fix: "Remove publish, and reach it with `npm run console` or from a workload that `uses` it.",
};
const PRIVATE = {
  allowed: "a private address such as 10.0.0.20, with clients of private networks, or 127.0.0.1",
  fix: 'Write address: "10.0.0.20" and clients: ["10.0.0.0/24"], with the network between your hosts.',
};

/** Whether nobody but named neighbours reaches a file server at an address. */
function isServed({ role }: Workload, address: string, { clients }: DescribedFileServer): boolean {
  if (role !== "storage" || !isIPv4(address) || !clients.every(isPrivate)) return false;
  return isLoopback(address) || (clients.length > 0 && isPrivate(Cidr.of(`${address}/32`)));
}
