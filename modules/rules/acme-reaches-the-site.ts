import type { DescribedEdge, DescribedWorkload } from "./description.ts";
import { isLoopback } from "./loopback.ts";
import type { Rule, Violation } from "./rule.ts";

/** Names that nobody outside can look up: RFC 2606, 6761, 6762, 7686, 8375, and ICANN's resolution of July 2024. */
const PRIVATE = /(^|\.)(local|localhost|internal|test|invalid|example|onion|home\.arpa|lan|home|corp)$/;
/** Where authorities knock first: RFC 8555, section 8.3. */
const KNOCKS_AT = 80;

export const acmeReachesTheSite: Rule = {
  id: "acme-reaches-the-site",
  statement: "A public authority signs for public names only, and after it has reached the site at port 80.",
  source:
    "RFC 8555, section 8.3; known failure: the site stays with its self-signed certificate, and the attempts count",
  check: ({ edges, workloads }) =>
    edges
      .filter(({ acme }) => acme?.isPublic)
      .flatMap((edge) => [
        ...names(edge),
        ...ports(
          edge,
          workloads.find(({ path }) => path === edge.path),
        ),
      ]),
};

function names({ path, acme }: DescribedEdge): Violation[] {
  return (acme?.names ?? [])
    .filter((name) => !name.includes(".") || /^[\d.]+$/.test(name) || PRIVATE.test(name))
    .map((name) => ({
      path,
      got: `a certificate for ${name} from ${acme?.directory}`,
      allowed: "names that the whole world can look up, such as shop.example.org",
      fix: "Set the target's hostname and aliases to public names, or write Tls.acme({ email, directory }) with an authority of your own.",
    }));
}

function ports({ path, acme }: DescribedEdge, found: DescribedWorkload | undefined): Violation[] {
  const published = found?.workload.ports ?? [];
  if (published.some(({ host, address }) => host.number === KNOCKS_AT && !isLoopback(address))) return [];
  return [
    {
      path,
      got: `ports ${published.map(({ host, address }) => `${address}:${host}`).join(", ") || "none"} for ${acme?.directory}`,
      allowed: `port ${KNOCKS_AT} of an address that the authority reaches`,
      fix: `Set the target's address and its ports to { http: ${KNOCKS_AT}, https: 443 }; where a router in front has them, waive this rule.`,
    },
  ];
}
