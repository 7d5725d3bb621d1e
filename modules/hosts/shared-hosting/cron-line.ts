import type { Schedule } from "../../jobs/schedule.ts";

const STEPS = {
  minutes: [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30],
  hours: [1, 2, 3, 4, 6, 8, 12],
};

/**
 * The times of a job in the five fields of crontab(5), which knows no period that does not fit into an hour or a day: then
 * it comes more often rather than less. A minute is the shortest there is.
 */
export function cronTimes(schedule: Schedule["settings"]): string {
  if ("cron" in schedule) return schedule.cron;
  const minutes = Math.max(1, Math.floor(schedule.every / 60));
  if (minutes < 60) return `${step(STEPS.minutes, minutes)} * * * *`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `0 ${step(STEPS.hours, hours)} * * *` : "0 0 * * *";
}

function step(steps: readonly number[], wanted: number): string {
  const most = Math.max(...steps.filter((one) => one <= wanted));
  return most === 1 ? "*" : `*/${most}`;
}
