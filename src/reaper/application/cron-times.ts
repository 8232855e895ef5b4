import { CronTime } from 'cron';
import { type Schedule } from '../../event-store';

/** How many turns may be left out before that counts as a time without turns. */
const TURNS_LEFT_OUT = 3;

/**
 * The times of a cron, in UTC, by the database's clock. Those that pass during a turn, or while no process runs, are made
 * up for by one turn, which knows by the runs that are stored how long nothing was done.
 */
export function atTimesOf(cron: string): Schedule {
  const after = timesAfter(cron);
  return { first: after, after, sticky: true };
}

/** Whether more turns were left out since the latest one than may be. Machine time. */
export function missedTurns(cron: string, latest: Date, now: Date): boolean {
  const after = timesAfter(cron);
  let time = latest;
  for (let count = 0; count < TURNS_LEFT_OUT; count += 1) time = after(time);
  return now > time;
}

function timesAfter(cron: string): (time: Date) => Date {
  const times = new CronTime(cron, 'UTC');
  return (time) => times.getNextDateFrom(time, 'UTC').toJSDate();
}
