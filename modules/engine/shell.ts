import { shellQuoted } from "../hosts/shell-word.ts";
import type { ClientAccess } from "./docker-provider.ts";

/** A word of a command line that a shell takes as it is, in a text that Terraform takes as it is. */
export function quoted(text: string): string {
  return shellQuoted(text).replaceAll("${", () => "$${");
}

/** Docker's client for an engine, as the beginning of a command line; for a shell that runs in the folder of the stack. */
export function clientCommand({ host, path }: ClientAccess): string {
  const variables = [
    // Programs are found in absolute folders only.
    ...(path === undefined ? [] : [`PATH="$(cd ${quoted(path)} && pwd):$PATH"`]),
    ...(host === undefined ? [] : [`DOCKER_HOST=${quoted(host)}`]),
  ];
  return [...(variables.length > 0 ? ["env", ...variables] : []), "docker"].join(" ");
}
