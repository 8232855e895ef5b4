import { NONE } from './table';

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** `5 min ago`, `in 2 h`, `-` for null; whole units, cut off. */
export function ago(time: string | null | undefined, now: Date): string {
  if (!time) return NONE;
  const seconds = Math.trunc((now.getTime() - new Date(time).getTime()) / 1000);
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS[3];
  const count = Math.trunc(Math.abs(seconds) / length);
  if (count === 0) return 'now';
  return seconds < 0 ? `in ${count} ${unit}` : `${count} ${unit} ago`;
}
