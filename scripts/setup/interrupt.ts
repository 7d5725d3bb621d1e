import { Problem } from "./problem.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Hears of each request to end this process; returns what leaves the signals to others again. */
export function onSignals(handle: () => void): () => void {
  for (const signal of SIGNALS) process.on(signal, handle);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handle);
  };
}

export interface Interrupt {
  /** Aborted, with a problem that says so, when this process is asked to end. */
  readonly signal: AbortSignal;
  /** Leaves the signals to others again. */
  readonly end: () => void;
}

/**
 * Lets work end in an orderly way when somebody presses Ctrl-C or ends this process.
 * @param fix what to do then
 */
export function interruptible(fix = "run it again"): Interrupt {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort(new Problem({ what: "Interrupted.", fix }));
  // Not once: under npm a single keystroke arrives twice, and the second would end the process at once.
  return { signal: interrupt.signal, end: onSignals(stop) };
}
