import { Problem } from "../setup/problem.ts";
import type { Terraform } from "../setup/terraform.ts";
import { type Change, Changes, pausingNodes, stopsFirst } from "./changes.ts";
import { containersOf } from "./containers.ts";
import { declarationOf, foundImages } from "./declaration.ts";
import { causeOf, failureOf } from "./failure.ts";
import { complaint } from "./health.ts";
import { type Note, type Step, step, steps } from "./progress.ts";
import type { Stack } from "./stack.ts";
import { type ApplyRun, apply, init, needsInit } from "./terraform.ts";
import { type Event, titleOf } from "./terraform-events.ts";

/** Makes in a moment, and many: one line tells of all of them. */
const SMALL = ["docker_network", "docker_volume", "docker_config", "docker_secret"];

/** Applies what was synthesized, and shows what becomes of each resource. */
export class Deployment {
  readonly #stack: Stack;
  readonly #terraform: Terraform;
  readonly #signal: AbortSignal;
  #run: ApplyRun | undefined;

  constructor(stack: Stack, terraform: Terraform, signal: AbortSignal) {
    this.#stack = stack;
    this.#terraform = terraform;
    this.#signal = signal;
  }

  /** Asks Terraform to end, where it is at work; gives whether it is. */
  interrupt(): boolean {
    this.#run?.interrupt();
    return this.#run !== undefined;
  }

  /**
   * Brings the engine to what the stack says.
   * @throws Problem that tells which resource failed, why, and what to do
   */
  async apply(): Promise<void> {
    if (needsInit(this.#stack.folder)) await this.#init();
    const changes = await this.#apply();
    if (!changes.diagnostics.some((diagnostic) => causeOf(diagnostic).kind === "init")) return;
    // The folder was prepared for other providers or another state than the stack has now.
    await this.#init();
    const again = await this.#apply();
    if (again.diagnostics.some(({ severity }) => severity === "error")) {
      throw await failureOf(this.#stack, again.diagnostics, []);
    }
  }

  async #init(): Promise<void> {
    await step("Terraform's provider", () => init(this.#terraform, this.#stack.folder, this.#signal));
  }

  async #apply(): Promise<Changes> {
    this.#signal.throwIfAborted();
    const changes = new Changes(foundImages(this.#stack));
    const watchers = new Watchers();
    const run = apply(this.#terraform, this.#stack.folder, (event) => {
      watchers.tell(event, changes.take(event));
      if (event.kind === "plan") watchers.planned();
    });
    this.#run = run;
    const ended = run.ended.finally(() => {
      this.#run = undefined;
      watchers.end();
    });
    const rows = await step(
      "Changes",
      () => watchers.plan.then(() => changes.all()),
      (all) => (changes.planned && all.length === 0 ? "none are needed" : summary(all, this.#stack)),
    );
    // What fails is told below, in full.
    await steps(this.#stepsFor(rows, watchers)).catch(() => undefined);
    const code = await ended;
    if (this.#signal.aborted) throw interrupted(changes);
    const unprepared = changes.diagnostics.some((diagnostic) => causeOf(diagnostic).kind === "init");
    if (code === null) throw killed();
    if (code !== 0 && !unprepared) throw await failureOf(this.#stack, changes.diagnostics, run.noise);
    return changes;
  }

  #stepsFor(rows: readonly Change[], watchers: Watchers): readonly Step[] {
    const small = rows.filter(({ resource }) => SMALL.includes(resource.type));
    const large = rows.filter((row) => !small.includes(row));
    const one = ({ resource }: Change, note: Note) =>
      watchers.follow(resource.address, note, async (event) => {
        const waits =
          resource.type === "docker_service" ||
          (resource.type === "docker_container" && event.action === "create");
        return waits ? this.#stateOf(resource.name) : undefined;
      });
    return [
      ...(small.length > 0
        ? [
            {
              title: "networks, volumes and files",
              run: async () => {
                await Promise.all(small.map((row) => one(row, () => undefined)));
                return undefined;
              },
            },
          ]
        : []),
      ...large.map((row) => ({ title: titleOf(row.resource), run: (note: Note) => one(row, note) })),
    ];
  }

  /** What the newest container of a node is at, for those who wait for it. */
  async #stateOf(node: string): Promise<string | undefined> {
    const containers = (await containersOf(this.#stack)).filter((container) => container.node === node);
    const newest = containers.sort((a, b) => b.created.getTime() - a.created.getTime())[0];
    return newest && complaint(newest);
  }
}

type Progress = Extract<Event, { seconds: number }>;
type Listener = (change: Change, event: Progress) => void;

/** Leads what Terraform tells of a resource to the line that shows it. */
class Watchers {
  readonly plan: Promise<void>;
  planned: () => void = () => undefined;
  readonly #listeners = new Map<string, Listener>();
  readonly #last = new Map<string, Change>();
  readonly #enders: (() => void)[] = [];
  #ended = false;

  constructor() {
    this.plan = new Promise((resolve) => {
      this.planned = resolve;
    });
  }

  tell(event: Event, change: Change | undefined): void {
    if (change === undefined) return;
    this.#last.set(change.resource.address, change);
    if ("seconds" in event) this.#listeners.get(change.resource.address)?.(change, event);
  }

  end(): void {
    this.#ended = true;
    this.planned();
    for (const end of this.#enders) end();
  }

  /** Ends when the resource is done, and fails when it failed or was never reached. */
  follow(
    address: string,
    note: Note,
    detail: (event: Progress) => Promise<string | undefined>,
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (change: Change | undefined) => {
        if (change?.state === "done") resolve(change.text);
        else if (change?.state === "failed") reject(new Error("failed"));
        else if (this.#ended) reject(new Error("not reached"));
        else return false;
        return true;
      };
      this.#enders.push(() => look(this.#last.get(address)));
      this.#listeners.set(address, (change, event) => {
        if (look(change)) return;
        if (event.kind === "started") note(change.text);
        if (event.kind !== "progress") return;
        void detail(event)
          .catch(() => undefined)
          .then((more) => note([change.text, more].filter(Boolean).join("; it ")));
      });
      look(this.#last.get(address));
    });
  }
}

function summary(rows: readonly Change[], stack: Stack): string {
  const count = `${rows.length} ${rows.length === 1 ? "resource" : "resources"}`;
  const pausing = pausingNodes(rows, declarationOf(stack) ?? []);
  return pausing.length === 0 ? count : `${count}; ${stopsFirst(pausing)}`;
}

function killed(): Problem {
  return new Problem({
    what: "Terraform was killed.",
    fix: "run npm start again; it clears away what is half-finished",
  });
}

function interrupted(changes: Changes): Problem {
  const all = changes.all();
  const done = all.filter(({ state }) => state === "done").length;
  return new Problem({
    what: "Interrupted.",
    value: `${done} of ${all.length} resources were done; Terraform has written down how far it came`,
    fix: "npm start goes on from here",
  });
}
