import { SECOND } from '../../kernel/clocks';

/** Machine milliseconds that a Retry-After header (RFC 9110, 10.2.3) asks to wait; null for what is none. */
export function retryAfter(header: string | string[] | undefined, now: Date): number | null {
  if (typeof header !== 'string') return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND;
  // a date always has a weekday; the parser would take much else
  const time = /^[A-Z][a-z]{2}/.test(header) ? Date.parse(header) : NaN;
  return Number.isNaN(time) ? null : Math.max(0, time - now.getTime());
}
