/**
 * Configuration of sanoid, which takes snapshots and removes old ones: of everything but caches, each hour for a day and a
 * half, each day for a month.
 * @param datasets that hold folders, each with those below it
 */
export function sanoidConf(
  datasets: readonly { readonly dataset: string; readonly cached: boolean }[],
): string {
  const sections = datasets
    .filter(({ cached }) => !cached)
    .map(({ dataset }) => `[${dataset}]\nuse_template = slipway\n`);
  return `# Written by Slipway (npm run storage); changes are lost.
${sections.join("\n")}
[template_slipway]
frequently = 0
hourly = 36
daily = 30
monthly = 0
yearly = 0
autosnap = yes
autoprune = yes
`;
}

/** Beside sanoid's own, so that what an administrator has there stays as it is. */
export function snapshotUnits(folder: string): { readonly service: string; readonly timer: string } {
  return {
    service: `# Written by Slipway (npm run storage); changes are lost.
[Unit]
Description=Snapshots of shared folders
Requires=zfs.target
After=zfs.target

[Service]
Type=oneshot
Environment=TZ=UTC
ExecStart=/usr/sbin/sanoid --configdir=${folder} --cron
`,
    timer: `# Written by Slipway (npm run storage); changes are lost.
[Unit]
Description=Snapshots of shared folders

[Timer]
OnCalendar=*:0/15
Persistent=true

[Install]
WantedBy=timers.target
`,
  };
}
