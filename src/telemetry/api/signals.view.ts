import { z } from 'zod';
import { answeredTime } from '../../http';
import { type Signal, type SignalInterval, SIGNALS } from '../domain/signal';

const signal = z
  .object({
    signal: z.enum(SIGNALS),
    value: z.enum(['active', 'idle', 'unknown']).describe('At `to`; unknown is never taken for idle'),
    from: answeredTime.nullable().describe('Since when it has this value without a gap; null: never read'),
    to: answeredTime.nullable().describe('The latest reading with this value'),
    readings: z.number().int(),
    longestGapSeconds: z.number().int().describe('Longest time between two of them'),
    state: z.enum(['fresh', 'stale', 'missing']),
  })
  .meta({ id: 'ObservedSignal' });

export const signalsView = z.array(signal).meta({
  id: 'ObservedSignals',
  description: 'The signs of use, as the readings of the sources tell',
});

/** All signals; one that was never read is unknown. */
export function toSignalsView(
  signals: ReadonlyMap<Signal, SignalInterval>,
  now: Date,
  maximalAgeMs: number,
): z.input<typeof signalsView> {
  return SIGNALS.map((name) => {
    const interval = signals.get(name);
    if (!interval) {
      const nothing = { from: null, to: null, readings: 0, longestGapSeconds: 0 };
      return { signal: name, value: 'unknown', ...nothing, state: 'missing' };
    }
    const { value, from, to, readings, longestGapMs } = interval;
    const state = now.getTime() - to.getTime() > maximalAgeMs ? 'stale' : 'fresh';
    const longestGapSeconds = Math.floor(longestGapMs / 1000);
    return { signal: name, value, from, to, readings, longestGapSeconds, state };
  });
}
