import { HOUR, MINUTE, SECOND } from '../../kernel/clocks';

/** Machine milliseconds between tries (Standard Webhooks, "Deliverability and reliability"): about three days in all. */
const PAUSES = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
/** Part of a pause that is random, so that many deliveries do not come back at once. */
const JITTER = 0.1;
const LONGEST_WISH = 24 * HOUR;

/**
 * Machine milliseconds until the next try; null when that was the last one.
 * @param attempts tries so far
 * @param wishMs what the receiver asked for by Retry-After; it can only lengthen the pause
 * @param random a number from 0 to below 1
 */
export function pauseAfter(attempts: number, wishMs: number | null, random: number): number | null {
  const pause = PAUSES[attempts - 1];
  if (pause === undefined) return null;
  return Math.round(Math.max(pause * (1 + JITTER * random), Math.min(wishMs ?? 0, LONGEST_WISH)));
}
