import type { Service } from "./service.ts";

/** Logs of a month, a week a file: logrotate(8). They are copied away, for who writes them keeps them open. */
export function logrotateConf(services: readonly Service[]): string {
  return services
    .map(({ log, account }) => {
      const folder = log.slice(0, log.lastIndexOf("/"));
      return `${folder}/*.log {
  weekly
  rotate 8
  maxsize 100M
  missingok
  notifempty
  compress
  copytruncate
  su ${account} ${account}
}
`;
    })
    .join("\n");
}
