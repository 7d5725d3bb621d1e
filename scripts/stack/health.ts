import type { Container } from "./containers.ts";
import type { DeclaredNode } from "./declaration.ts";

/** What is wrong with a container, in one clause, or undefined when it runs and does its job. */
export function complaint(container: Container): string | undefined {
  const { state, health, healthOutput, restarts } = container;
  switch (state) {
    case "running":
      if (health === "healthy" || health === "none") return undefined;
      if (health === "starting") return starting(container);
      return `its health check fails and says: ${healthOutput ?? "nothing"}`;
    case "restarting":
      return `ends again and again (${restarts} restarts): ${ending(container)}`;
    case "exited":
    case "dead":
      return `does not run: ${ending(container)}`;
    case "created":
      return "was created and never started";
    default:
      return `is ${state}`;
  }
}

/** What a database says of itself while it is healthy, such as that its volume is soon full. */
export function noteOf({ role, state, health, healthNote }: Container): string | undefined {
  const isDatabase = role === "database" || role === "replica";
  return isDatabase && state === "running" && health === "healthy" ? healthNote : undefined;
}

/** Nodes that are declared and of which there is no container. */
export function absentNodes(
  declared: readonly DeclaredNode[],
  containers: readonly Container[],
): readonly DeclaredNode[] {
  return declared.filter(({ node }) => !containers.some((container) => container.node === node));
}

function starting({ restarts, healthOutput }: Container): string {
  const again = restarts > 0 ? `, after ${restarts} restarts` : "";
  return `is starting${again}${healthOutput === undefined ? "" : `; its health check says: ${healthOutput}`}`;
}

function ending({ exitCode, outOfMemory }: Container): string {
  if (outOfMemory) return "the kernel ended it, as it needed more memory than its limit";
  if (exitCode === 0) return "stopped";
  // 128 and the number of the signal.
  const signals: Readonly<Record<number, string>> = { 130: "SIGINT", 137: "SIGKILL", 143: "SIGTERM" };
  const signal = signals[exitCode];
  return signal === undefined ? `ended with exit code ${exitCode}` : `ended by ${signal}`;
}
