/** A line of a log and when it was written. */
export interface LogLine {
  /** RFC 3339 with nanoseconds, in UTC. */
  readonly time: string;
  readonly text: string;
}

/** Reads a line of `docker logs --timestamps`; gives undefined for one without a time, which the client itself wrote. */
export function parseLogLine(line: string): LogLine | undefined {
  const [, time, text] = /^(\d{4}-\d\d-\d\dT\S+Z) ?(.*)$/s.exec(line) ?? [];
  return time === undefined || text === undefined ? undefined : { time, text };
}

/** All lines of several logs by time; lines of one log keep their order where their times are equal. */
export function inOrder<T extends LogLine>(logs: readonly (readonly T[])[]): readonly T[] {
  // Docker cuts zeros at the end of the nanoseconds; only without the letter behind them do the texts compare.
  const key = ({ time }: LogLine) => time.replace(/Z$/, "");
  return logs
    .flat()
    .map((line) => ({ line, at: key(line) }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ line }) => line);
}
