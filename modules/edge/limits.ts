import { Duration, type DurationText } from "../values/duration.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { Size, type SizeText } from "../values/size.ts";

/** Beyond it daemons stop counting: lighttpd after 65535 seconds, HAProxy after 24 days. */
const LONGEST = Duration.of("12 hours");

/**
 * How long a node may take for an answer.
 * @throws InvalidValue for none at all, which means for ever to some daemons, and for more than 12 hours.
 */
export function timeoutOf(timeout: Duration | DurationText): Duration {
  const duration = Duration.of(timeout);
  if (duration.milliseconds > 0 && duration.compare(LONGEST) <= 0) return duration;
  throw new InvalidValue({
    what: "timeout",
    got: duration.toString(),
    allowed: `from 1 second to ${LONGEST}`,
    fix: 'Write timeout: "60 seconds"',
  });
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
