import { HOUR, MINUTE, SECOND } from '../../../kernel/clocks';

/** A length of time for people: `45 s`, `75 min`, `3 h 20 min`. Cut off, never rounded up. */
export function duration(ms: number): string {
  if (ms < 2 * MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < 2 * HOUR) return `${Math.floor(ms / MINUTE)} min`;
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  return `${Math.floor(ms / HOUR)} h${minutes > 0 ? ` ${minutes} min` : ''}`;
}

/** A time for people, to the second: `2027-01-31T18:00:00Z`. */
export function moment(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
