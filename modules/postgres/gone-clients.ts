import { Duration } from "../values/duration.ts";

/**
 * After what time a server gives a client up whose host is gone without a word: power that failed, a cable. Linux alone
 * takes two hours, and a quarter of one where an answer was on its way; for so long what the client held stays taken, its
 * share of the connections of its role above all, and the nodes that were started in its place are refused.
 */
export const GONE = {
  /** Without a word, until it is asked whether it is there. */
  idle: Duration.seconds(10),
  /** Between two questions. */
  interval: Duration.seconds(5),
  /** Questions without an answer. */
  count: 3,
  /** For an answer that is not taken: a client that reads a large one must not pause for longer. */
  unacknowledged: Duration.seconds(30),
} as const;
