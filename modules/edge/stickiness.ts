import type { Duration, DurationText } from "../values/duration.ts";
import { rememberedFor } from "./limits.ts";

/** By what a visitor is led to the same node again. */
export type StickyBy = "nothing" | "cookie" | "address";

/** Whether, and by what, a visitor is led to the same node again (recipe 14). */
export class Stickiness<S extends StickyBy = StickyBy> {
  readonly by: S;
  /** How long a node is remembered after the last visit. */
  readonly duration: Duration | undefined;

  private constructor(by: S, duration?: Duration) {
    this.by = by;
    this.duration = duration;
    Object.freeze(this);
  }

  /** Any node for each request. */
  static none(): Stickiness<"nothing"> {
    return new Stickiness("nothing");
  }

  /** By a cookie that names the node, for as long as the browser runs. */
  static byCookie(): Stickiness<"cookie"> {
    return new Stickiness("cookie");
  }

  /**
   * By the visitor's address; visitors behind one address share a node.
   * @param duration where nodes are remembered rather than computed. @default 3600 seconds, as Pound's recipe has it
   * @throws InvalidValue for none at all, and for more than 7 days.
   */
  static byAddress(duration: Duration | DurationText = "3600 seconds"): Stickiness<"address"> {
    return new Stickiness("address", rememberedFor(duration));
  }
}
