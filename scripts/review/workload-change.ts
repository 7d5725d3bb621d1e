import {
  type Aspect,
  aspects,
  type Declared,
  isMoved,
  type Transition,
  transition,
} from "../../modules/engine/transition.ts";
import type { Role } from "../../modules/engine/workload.ts";
import type { WrittenWorkload } from "../../modules/engine/written-workload.ts";
import { list } from "../stack/words.ts";
import type { Effect, Interruption } from "./effect.ts";
import { FOR_GOOD, ofNewProtocol, ofReplacement, UNTIL_UPGRADE } from "./interruption.ts";
import { dependents, endpointsOf, frontsOf } from "./relations.ts";
import { noLongerServed } from "./site-change.ts";
import { type Synthesized, workloadsOf } from "./synthesized.ts";

/** What becomes of a workload, and what its users notice. */
export interface WorkloadChange {
  readonly workload: string;
  readonly role: Role;
  readonly transition: Transition;
  /** What is declared in another way. */
  readonly aspects: readonly Aspect[];
  /** How many instances there were and will be. */
  readonly nodes: { readonly before: number; readonly after: number };
  readonly effect: Effect;
  /** Why it has that effect, as a clause. */
  readonly why: string;
  /** How long it does not answer; null where it always does. */
  readonly interruption: Interruption | null;
}

type Judgement = Pick<WorkloadChange, "effect" | "why" | "interruption">;

/** The workloads that something becomes of, in the order of the stack after; what is removed comes last. */
export function workloadChanges(before: Synthesized, after: Synthesized): readonly WorkloadChange[] {
  const [were, are] = [workloadsOf(before), workloadsOf(after)];
  return [...new Set([...are.keys(), ...were.keys()])].flatMap((name) => {
    const [was, is] = [were.get(name), are.get(name)];
    const either = is ?? was;
    if (either === undefined) return [];
    const changed = was !== undefined && is !== undefined ? aspects(was, is) : [];
    const nodes = { before: was?.workload.nodes.length ?? 0, after: is?.workload.nodes.length ?? 0 };
    const step = transition(was, is);
    if (step === "unchanged" && nodes.before === nodes.after) return [];
    return [
      {
        workload: name,
        role: either.workload.role,
        transition: step,
        aspects: changed,
        nodes,
        ...judge(step, { before, after, was, is, changed }),
      },
    ];
  });
}

interface Case {
  readonly before: Synthesized;
  readonly after: Synthesized;
  readonly was: Declared | undefined;
  readonly is: Declared | undefined;
  readonly changed: readonly Aspect[];
}

function judge(step: Transition, { before, after, was, is, changed }: Case): Judgement {
  if (was === undefined) return harmless("new");
  if (is === undefined) return removed(was.workload, before);
  const upgraded = versionChange(before, after, was.workload);
  if (upgraded !== undefined) {
    return {
      effect: "outage",
      why: `${upgraded}; ${cost(was.workload, before)}`,
      interruption: UNTIL_UPGRADE,
    };
  }
  const [one, other] = [was.workload, is.workload];
  if (isMoved(one, other)) {
    return {
      effect: "outage",
      why: `it moves from ${one.place} to ${other.place}, where it begins anew; ${cost(one, before)}`,
      interruption: ofReplacement(one, other, changed),
    };
  }
  if (one.role === "app" && speaksAnew(before, after, one)) {
    return {
      effect: "outage",
      why: "who asks it speaks another protocol at once, and its nodes only when they are new",
      interruption: ofNewProtocol(other),
    };
  }
  const dropped = one.role === "edge" ? noLongerServed(one.name, before, after) : [];
  if (dropped.length > 0) {
    return { effect: "outage", why: list(dropped), interruption: FOR_GOOD };
  }
  if (step === "reconfigured") return harmless("its files are handed over, checked, and reloaded gracefully");
  if (step === "unchanged") return counted(one, other, before);
  if (one.release === "start-first" && other.release === "start-first") {
    return startFirst(other);
  }
  return stopFirst(was, is, before, changed);
}

/** What runs beside its successor for a moment. */
function startFirst({ role }: WrittenWorkload): Judgement {
  // PgBouncer ends the transactions at hand, but whoever keeps a connection learns of its end by the next statement.
  if (role === "pooler") {
    return {
      effect: "outage",
      why: "connections that applications keep through it end: the first request on each fails where the application does not connect again",
      interruption: null,
    };
  }
  const why =
    role === "job"
      ? "its successor waits until the job at hand has ended"
      : "new instances are healthy before the old ones refuse, finish and stop";
  return { effect: "rolling", why, interruption: null };
}

/** What stops before its successor starts; whether anybody notices depends on what it is for. */
function stopFirst(was: Declared, is: Declared, before: Synthesized, changed: readonly Aspect[]): Judgement {
  const [one, other] = [was.workload, is.workload];
  const interruption = ofReplacement(one, other, changed);
  switch (one.role) {
    case "cache":
      return keepsSessions(before, one)
        ? {
            effect: "outage",
            why: "the sessions in it are lost: who is signed in has to do it again",
            interruption,
          }
        : harmless("it forgets what it holds; applications answer without it meanwhile");
    case "backup":
      return harmless("backups pause while it is replaced, and are made up for");
    case "acme":
      return harmless("certificates are asked for a moment later");
    default:
      return { effect: "outage", why: `${whyStopFirst(one)}; ${cost(one, before)}`, interruption };
  }
}

function removed(was: WrittenWorkload, before: Synthesized): Judgement {
  switch (was.role) {
    case "cache":
      return keepsSessions(before, was)
        ? { effect: "outage", why: "the sessions in it are lost", interruption: FOR_GOOD }
        : harmless("removed; applications answer without it");
    case "job":
      return harmless("removed, when the job at hand has ended");
    case "acme":
    case "backup":
      return harmless("removed");
    default:
      return { effect: "outage", why: `removed; ${cost(was, before)}`, interruption: FOR_GOOD };
  }
}

function counted(one: WrittenWorkload, other: WrittenWorkload, before: Synthesized): Judgement {
  if (one.role === "cache" && keepsSessions(before, one)) {
    return {
      effect: "outage",
      why: "a part of the sessions belongs to another instance from then on: who is signed in by one has to do it again",
      interruption: null,
    };
  }
  if (other.nodes.length > one.nodes.length) return harmless("more instances; those that run stay");
  return one.release === "start-first"
    ? {
        effect: "rolling",
        why: "instances that are too many finish what they have, and stop",
        interruption: null,
      }
    : harmless("fewer instances");
}

function harmless(why: string): Judgement {
  return { effect: "none", why, interruption: null };
}

function whyStopFirst({ role, ports }: WrittenWorkload): string {
  if (ports.length > 0) return "two cannot have the same ports of the host, so the old one stops first";
  return role === "database" || role === "replica"
    ? "two may not run on the same files, so the old one stops first"
    : "it stops before its successor starts";
}

/** Who notices, as a clause. */
function cost(workload: WrittenWorkload, stack: Synthesized): string {
  if (workload.role === "edge") return "visitors are refused meanwhile";
  const users = dependents(workload, stack.description.workloads).filter(({ role }) => role === "app");
  if (workload.role === "app") return "visitors get the page that tries again";
  return users.length === 0
    ? "nothing uses it"
    : `requests to ${list(users.map(({ name }) => name))} that need it fail meanwhile`;
}

function keepsSessions({ description }: Synthesized, cache: WrittenWorkload): boolean {
  return dependents(cache, description.workloads).some(({ name }) =>
    description.apps.some((app) => app.name === name && app.sessions === "cache"),
  );
}

function versionChange(
  before: Synthesized,
  after: Synthesized,
  { name }: WrittenWorkload,
): string | undefined {
  const version = (stack: Synthesized) =>
    stack.description.databases.find((one) => one.name === name)?.version;
  const [was, is] = [version(before), version(after)];
  if (was === undefined || is === undefined || was === is) return undefined;
  return `its data is of PostgreSQL ${was} and the server will be ${is}, which refuses it`;
}

/** Whether it is asked in a new way before its new nodes are there. */
function speaksAnew(before: Synthesized, after: Synthesized, app: WrittenWorkload): boolean {
  const [was, is] = [endpointsOf(app, before), endpointsOf(app, after)];
  if (was.length === 0 || is.length === 0 || was.join() === is.join()) return false;
  const [were, are] = [workloadsOf(before), workloadsOf(after)];
  // What is handed to a front that runs waits for the nodes that it names, and those before go on until it is in force.
  return frontsOf(app, after).some(
    ({ name }) => transition(were.get(name), are.get(name)) !== "reconfigured",
  );
}
