import { MINUTE, SECOND } from '../../kernel/clocks';

const FIRST = 5 * SECOND;
/** Before a stop each minute counts; what may come later does not ask a broken receiver a thousand times. */
const LONGEST = { urgent: MINUTE, otherwise: 10 * MINUTE } as const;
/** Part of a pause that is random, so that many notices do not come back at once. */
const JITTER = 0.1;

/**
 * Machine milliseconds until the next try, each twice as long as the one before.
 * @param attempts tries so far
 * @param isUrgent people must hear of it before a deadline
 * @param wishMs what the receiver asked for; it lengthens a pause up to the longest one only
 * @param random a number from 0 to below 1
 */
export function pauseAfter(
  attempts: number,
  isUrgent: boolean,
  wishMs: number | null,
  random: number,
): number {
  const longest = isUrgent ? LONGEST.urgent : LONGEST.otherwise;
  const usual = FIRST * 2 ** Math.min(attempts - 1, 20);
  return Math.round(Math.min(longest, Math.max(usual * (1 + JITTER * random), wishMs ?? 0)));
}
