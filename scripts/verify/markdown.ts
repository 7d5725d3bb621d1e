import type { Check } from "./check.ts";

/** `docs/conformance.md`: what every running site is tried for, and by which recipe. */
export function checksMarkdown(checks: readonly Check[]): string {
  const rows = checks.map(
    ({ name, recipe, disruptive }) => `| ${name} | ${recipe} | ${disruptive ? "yes" : ""} |`,
  );
  return `# Conformance

\`npm run verify -- <stack>\` tries these ${checks.length} checks on a running stack, the way a visitor or an attacker would: through the
published ports, whatever the edge is made of. It asks Docker for logs, and to kill a node where that is wanted, and
looks at no configuration. What a stack declared, such as its routes and how sticky they are, is read from \`slipway.json\`
beside its \`cdk.tf.json\`.

- \`--edge <name>\` looks at one edge of a stack with several; without it each has its table.
- \`--disruptive\` adds the checks that visitors notice. A stack for production needs \`--production\` as well.
- \`--json\` prints everything for programs. Keys are only ever added.

\`npm run conformance\` deploys every combination of edge, application server and kind of application, which are the lines
of \`test/e2e/conformance/matrix.ts\`, tries all checks on each, and prints one table. \`test/unit/scripts/checks.test.ts\`
shows each check a server that behaves badly in just the way that the check is about.

| check | by | visitors notice |
| --- | --- | --- |
${rows.join("\n")}

## Maintenance

\`npm run maintenance -- <stack> on\` shuts visitors out: every request but those below \`/.slipway/\` is answered with 503,
\`Retry-After\` and a page that says why. \`off\` lets them in again, \`status\` tells. It is the file
\`/run/slipway/maintenance\` in the edge's container, so it lasts until the container is replaced.

## What a check can't see

- Whether an authority that browsers know has signed the certificate: names, dates and key are looked at, the issuer
  is not.
- A hidden request that only an application behind the edge would see, and that it neither logs nor answers.
- Over HTTP/1.1, a client that takes no answers is told from one whose answers fit into the buffers on the way only
  where the container's own address can be reached, as with an engine on the same Linux machine.
`;
}
