import { Duration, type DurationText } from "../values/duration.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Size, type SizeText } from "../values/size.ts";

/** lighttpd counts up to 65535 seconds. */
const LONGEST_ANSWER = Duration.of("12 hours");
/** HAProxy counts up to 24 days. */
const LONGEST_MEMORY = Duration.of("7 days");

/**
 * How long a node may take for an answer.
 * @throws InvalidValue for none at all, which means for ever to some daemons, and for more than 12 hours.
 */
export function timeoutOf(timeout: Duration | DurationText): Duration {
  return within("timeout", timeout, LONGEST_ANSWER, 'timeout: "60 seconds"');
}

/**
 * How long a node is remembered for a visitor.
 * @throws InvalidValue for none at all, and for more than 7 days.
 */
export function rememberedFor(duration: Duration | DurationText): Duration {
  return within(
    "how long a node is remembered",
    duration,
    LONGEST_MEMORY,
    'Stickiness.byAddress("3600 seconds")',
  );
}

/** The largest request body. @throws InvalidValue for none at all, which means no limit to daemons. */
export function bodyLimitOf(limit: Size | SizeText): Size {
  const size = Size.of(limit);
  if (size.bytes > 0) return size;
  throw new InvalidValue({
    what: "limit of request bodies",
    got: size.toString(),
    allowed: "a size above none",
    fix: 'Write bodyLimit: "16 MiB"',
  });
}

function within(what: string, text: Duration | DurationText, longest: Duration, example: string): Duration {
  const duration = Duration.of(text);
  if (duration.milliseconds > 0 && duration.compare(longest) <= 0) return duration;
  throw new InvalidValue({
    what,
    got: duration.toString(),
    allowed: `from 1 second to ${longest}`,
    fix: `Write ${example}`,
  });
}
