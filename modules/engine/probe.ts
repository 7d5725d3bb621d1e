/** How the health of every instance is probed. */
export const PROBE = {
  /** Before engine 25 there is no `start_interval`: the one interval must be short, or every start waits for it. In seconds. */
  interval: 2,
  /** In seconds. */
  timeout: 5,
  /** Failures in a row that make an instance unhealthy. */
  retries: 2,
} as const;
