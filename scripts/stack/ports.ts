import { Label } from "../../modules/engine/labels.ts";
import { port as portRequirement } from "../setup/port.ts";
import { Problem, Problems } from "../setup/problem.ts";
import type { DeclaredNode } from "./declaration.ts";
import { docker } from "./docker.ts";
import type { Stack } from "./stack.ts";

/**
 * Makes sure that the ports which a stack publishes are free, or held by the stack itself.
 * @throws Problem that names the port, who holds it, and how to choose another
 */
export async function checkPorts(stack: Stack, declared: readonly DeclaredNode[]): Promise<void> {
  const ports = declared.flatMap(({ node, ports }) => ports.map(({ host }) => ({ node, host })));
  const found = await Promise.all(ports.map(({ node, host }) => check(stack, node, host)));
  const problems = found.filter((problem) => problem !== undefined);
  if (problems.length > 1) throw new Problems(problems);
  if (problems[0] !== undefined) throw problems[0];
}

async function check(stack: Stack, node: string, port: number): Promise<Problem | undefined> {
  const holder = await containerOn(stack, port);
  if (holder?.project === stack.project && holder.stack === stack.name) return undefined;
  if (holder !== undefined) {
    const whose = holder.stack
      ? ` of the stack ${holder.stack} of the project ${holder.project || "?"}`
      : ", which is not ours";
    return problem(
      stack,
      node,
      port,
      `held by the container ${holder.name}${whose}`,
      `docker stop ${holder.name}`,
    );
  }
  const here = stack.hosts.find(({ host }) => host.ssh === undefined);
  // Who listens on a host elsewhere besides its containers is not seen from here; its engine refuses the port then.
  const finding = here && (await portRequirement(here.client, port).check());
  return finding === undefined || finding.ok
    ? undefined
    : problem(stack, node, port, finding.found, finding.remedy.split(", or give")[0]);
}

async function containerOn({ hosts }: Stack, port: number) {
  const fields = ["{{.Names}}", `{{.Label "${Label.project}"}}`, `{{.Label "${Label.stack}"}}`];
  const words = ["ps", "--filter", `publish=${port}/tcp`, "--format", fields.join("\t")];
  const found = await Promise.all(hosts.map((host) => docker(words, { host })));
  const [name, project, stack] = (found.join("").split("\n")[0] ?? "").split("\t");
  return name ? { name, project, stack } : undefined;
}

function problem(
  stack: Stack,
  node: string,
  port: number,
  value: string,
  remedy = "end its holder",
): Problem {
  const { http, https } = stack.target.ports;
  const ports = { http: other(http.number), https: other(https.number) };
  return new Problem({
    what: `Port ${port}, which ${node} of the stack ${stack.name} publishes, is taken.`,
    value,
    allowed: "a free port, or one that this stack already holds",
    fix: `${remedy}\nor choose other ports: context.${stack.name}.ports in cdktf.json, or for once\nCDKTF_CONTEXT_JSON='${stack.contextWith({ ports })}' npm start -- ${stack.name}`,
  });
}

/** Another port, for an example. */
function other(port: number): number {
  return port + 1000 > 65_535 ? port - 1000 : port + 1000;
}
