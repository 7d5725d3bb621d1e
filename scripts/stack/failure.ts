import { RELEASE_RESOURCE } from "../../modules/release/release-resource.ts";
import { lastLines } from "../setup/machine.ts";
import { Problem, Problems } from "../setup/problem.ts";
import { buildFailure } from "./build-failure.ts";
import { type Container, formerContainersOf } from "./containers.ts";
import { docker, engineAnswers } from "./docker.ts";
import { complaint } from "./health.ts";
import { type Lock, lockProblem, parseLock } from "./lock.ts";
import { inOrder, type LogLine, parseLogLine } from "./log-lines.ts";
import type { Stack } from "./stack.ts";
import { isLocal } from "./state.ts";
import {
  type Diagnostic,
  isKeptVolume,
  isReadyFolders,
  isReconfiguration,
  isServing,
  RECONFIGURATION,
  reconfigured,
} from "./terraform-events.ts";
import { list } from "./words.ts";

const LOG_LINES = 20;
const LOG_WIDTH = 240;

/** Why a run of Terraform failed, as far as a diagnostic tells. */
export type Cause =
  | { readonly kind: "unhealthy"; readonly node: string }
  | { readonly kind: "port"; readonly address: string }
  | { readonly kind: "disk" }
  | { readonly kind: "registry"; readonly address: string }
  | { readonly kind: "build"; readonly image: string }
  | { readonly kind: "name"; readonly what: string; readonly name: string }
  | { readonly kind: "lock"; readonly lock: Lock }
  | { readonly kind: "refused"; readonly node: string }
  | { readonly kind: "folders"; readonly workload: string }
  | { readonly kind: "hosts" }
  | { readonly kind: "kept" }
  | { readonly kind: "init" }
  | { readonly kind: "engine" }
  | { readonly kind: "other" };

/** Tells the cause behind a diagnostic of Terraform or of its Docker provider. */
export function causeOf({ summary, detail, address = "" }: Diagnostic): Cause {
  const text = `${summary}\n${detail}`;
  const name = address.split(".").at(-1) ?? "";
  if (/Error acquiring the state lock/.test(text)) return { kind: "lock", lock: parseLock(detail) };
  if (/Cannot connect to the Docker daemon|error pinging Docker server/i.test(text))
    return { kind: "engine" };
  // Before the disk: a file server may be full too.
  if (isReadyFolders(address) && /local-exec provisioner error/.test(text)) {
    return { kind: "folders", workload: name.replace(/-folders$/, "") };
  }
  if (/no space left on device|disk quota exceeded/i.test(text)) return { kind: "disk" };
  if (address === RELEASE_RESOURCE) return { kind: "other" };
  if (isServing(address)) return { kind: "unhealthy", node: name.replace(/-serves$/, "") };
  if (isKeptVolume(address) || /Resource precondition failed|Instance cannot be destroyed/.test(text))
    return { kind: "kept" };
  if (address.startsWith(`${RECONFIGURATION}.`) && /local-exec provisioner error/.test(text)) {
    return isReconfiguration(name) ? { kind: "refused", node: reconfigured(name) } : { kind: "hosts" };
  }
  if (/failed to be in healthy state|service rollback completed|did not converge/.test(text))
    return { kind: "unhealthy", node: name };
  const port =
    /(?:listen tcp\S* |Bind for )(\S+?):? (?:bind: address already in use|failed: port is already)/;
  const taken = port.exec(text)?.[1];
  if (taken !== undefined) return { kind: "port", address: taken };
  const container = /container name "\/?([^"]+)" is already in use/.exec(text)?.[1];
  if (container !== undefined) return { kind: "name", what: "container", name: container };
  const network = /network with name (\S+) already exists/.exec(text)?.[1];
  if (network !== undefined) return { kind: "name", what: "network", name: network };
  if (/terraform init|tofu init/.test(text)) return { kind: "init" };
  if (/dial tcp|no such host|i\/o timeout|TLS handshake|Temporary failure|Could not resolve/i.test(text)) {
    return { kind: "registry", address: name };
  }
  if (address.startsWith("docker_image.")) return { kind: "build", image: name };
  return { kind: "other" };
}

/** Turns what Terraform complained about into problems that say what to do. */
export async function failureOf(
  stack: Stack,
  diagnostics: readonly Diagnostic[],
  noise: readonly string[],
): Promise<Problem> {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return unexplained(noise);
  const causes = merged(errors.map((error) => diagnosed(stack, error)));
  const sick = causes.flatMap(({ cause }) => (cause.kind === "unhealthy" ? [cause.node] : []));
  const problems: Problem[] = sick.length > 0 ? [await unhealthy(stack, sick)] : [];
  for (const { error, cause } of causes) {
    if (cause.kind !== "unhealthy") problems.push(await explain(stack, error, cause));
  }
  const [first = unexplained(noise)] = problems;
  return problems.length > 1 ? new Problems(problems) : first;
}

interface Diagnosed {
  readonly error: Diagnostic;
  readonly cause: Cause;
}

function diagnosed(stack: Stack, error: Diagnostic): Diagnosed {
  const failure = buildFailure(stack.folder, error);
  if (failure === undefined) return { error, cause: causeOf(error) };
  return {
    error: { ...error, summary: "", detail: failure.shown },
    cause: causeOf({ ...error, detail: failure.whole }),
  };
}

/** All images miss the same network; they are told once, by the first. */
function merged(all: readonly Diagnosed[]): readonly Diagnosed[] {
  const unreachable = all.filter(({ cause }) => cause.kind === "registry");
  const names = unreachable.map(({ cause }) => (cause.kind === "registry" ? cause.address : ""));
  const [first] = unreachable;
  if (first === undefined) return all;
  const told: Diagnosed = { ...first, cause: { kind: "registry", address: list(names.sort()) } };
  return [told, ...all.filter((each) => !unreachable.includes(each))];
}

async function explain(stack: Stack, error: Diagnostic, cause: Exclude<Cause, { kind: "unhealthy" }>) {
  const { summary, detail, address } = error;
  const value = lastLines([summary, detail].join("\n").trim(), LOG_LINES);
  const again = "then npm start again; it goes on from here";
  switch (cause.kind) {
    case "lock":
      return lockProblem(stack, await stuckOnly(stack, cause.lock));
    case "engine":
      // Gone while Terraform was at work; the check knows how to get it back.
      for (const host of stack.hosts) await engineAnswers(host);
      return new Problem({ what: "The engine went away for a moment.", value, fix: "run npm start again" });
    case "disk":
      return new Problem({
        what: "The disk is full.",
        value,
        fix: `free some space (df -h; docker system df shows what the engine holds), ${again}`,
      });
    case "port":
      return new Problem({
        what: `${cause.address} was taken by somebody else while the stack started.`,
        value,
        fix: `end what listens there, or choose other ports (context.${stack.name}.ports in cdktf.json), ${again}`,
      });
    case "registry":
      return new Problem({
        what: `Could not build ${cause.address}: something could not be fetched.`,
        value,
        fix: `see that this machine reaches it (network, proxy), ${again}`,
      });
    case "build":
      return new Problem({
        what: `The image ${cause.image} could not be built.`,
        value,
        fix: `mend what the last lines say, ${again}`,
      });
    case "name":
      return new Problem({
        what: `There is a ${cause.what} ${cause.name} already, which this stack did not make.`,
        value,
        fix: `remove it (docker ${cause.what} rm ${cause.name}), or give the project another name ("project" in the context of cdktf.json), ${again}`,
      });
    case "refused":
      return new Problem({
        what: `${cause.node} did not take its new configuration over; what it served before, it still serves.`,
        value: lastLines(detail.replace(/^[\s\S]*\. Output: /, "").trim(), LOG_LINES),
        fix: `mend what it says, ${again}`,
      });
    case "folders":
      return new Problem({
        what: `The shared folders of ${cause.workload} cannot be used. None of its nodes was replaced.`,
        value: lastLines(detail.replace(/^[\s\S]*\. Output: /, "").trim(), LOG_LINES),
        fix: `mend what it says, ${again}; docs/storage.md tells more`,
      });
    case "hosts":
      return new Problem({
        what: "The hosts of the Swarm are not as they should be.",
        value: lastLines(detail.replace(/^[\s\S]*\. Output: /, "").trim(), LOG_LINES),
        fix: `mend what it says, ${again}`,
      });
    case "kept":
      return new Problem({
        what: "The change would leave data behind that is kept.",
        value,
        fix: "take the change back; or move the files first (docs/operations.md, Another storage)",
      });
    default:
      return new Problem({
        what: `Terraform failed${address ? ` at ${address}` : ""}.`,
        value,
        fix: `mend what it says, ${again}`,
      });
  }
}

/** A lock on a file ends with its process, and nobody has to break it. */
async function stuckOnly(stack: Stack, { id, ...lock }: Lock): Promise<Lock> {
  return id === undefined || (await isLocal(stack)) ? lock : { ...lock, id };
}

/** Tells the state and the last words of the first node, which mostly speaks for the others of its workload. */
async function unhealthy(stack: Stack, nodes: readonly string[]): Promise<Problem> {
  const containers = await formerContainersOf(stack);
  const newest = (node: string) =>
    containers.filter((one) => one.node === node).sort((a, b) => b.created.getTime() - a.created.getTime());
  const [container, ...former] = newest(nodes[0] ?? "");
  const many = nodes.length > 1;
  const what = `${many ? "Containers" : "Container"} ${list(nodes)} did not get healthy.`;
  if (container === undefined) {
    return new Problem({
      what,
      value: "the engine has no such container any more",
      fix: "run npm start again",
    });
  }
  const serving = former.some((one) => one.health === "healthy");
  return new Problem({
    what: serving ? `${what} The release before goes on serving.` : what,
    value: [
      `${container.name} ${complaint(container) ?? "is healthy by now"}`,
      `the last lines of its log:`,
      ...(await logOf(container)).map((line) => `  ${line}`),
    ].join("\n"),
    fix: `mend what the log says, then npm start again; npm run logs -- ${stack.name} ${container.workload} shows more`,
  });
}

async function logOf({ host, id }: Container): Promise<readonly string[]> {
  const lines: LogLine[] = [];
  const take = (text: string) => {
    const line = parseLogLine(text);
    if (line !== undefined) lines.push(line);
  };
  await docker(["logs", "--timestamps", "--tail", `${LOG_LINES}`, id], { host, onLine: take });
  const texts = inOrder([lines]).map(({ text }) => text.slice(0, LOG_WIDTH));
  return texts.length > 0 ? texts.slice(-LOG_LINES) : ["(nothing)"];
}

function unexplained(noise: readonly string[]): Problem {
  return new Problem({
    what: "Terraform ended with an error.",
    value: noise.slice(-LOG_LINES).join("\n") || "it did not say why",
    fix: "run npm start again; if it stays, npx cdktf deploy shows all that Terraform says",
  });
}
