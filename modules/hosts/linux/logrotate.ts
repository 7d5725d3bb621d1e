import type { Service } from "./service.ts";

const KEPT = `  weekly
  rotate 8
  maxsize 100M
  missingok
  notifempty
  compress
  copytruncate
`;

/**
 * Logs of two months, a week a file: logrotate(8). They are copied away, for who writes them keeps them open. What a server
 * writes by itself is in a folder of its account, as which it is rotated.
 */
export function logrotateConf(stack: string, services: readonly Service[]): string {
  const own = services.map(
    ({ log, account }) => `${log.replace(/\.log$/, "")}/*.log {\n${KEPT}  su ${account} ${account}\n}\n`,
  );
  return [`/var/log/slipway/${stack}/*.log {\n${KEPT}}\n`, ...own].join("\n");
}
