import { SECOND } from '../../kernel/clocks';
import { type IdleDecisionInput } from './idle-input';
import { OBSERVED_SIGNALS, type IdleSignal, type SignalState } from './idle-signals';
import { ageOf } from './signal-rule';

interface SignalInput extends Pick<SignalState, 'value' | 'from' | 'readings' | 'source' | 'observedAt'> {
  readonly signal: IdleSignal;
  /** null: never read */
  readonly ageSeconds: number | null;
}

/** What the decision rested on. A signal that was never read is missing. */
export interface DecisionInputs {
  readonly signals: readonly SignalInput[];
  readonly lastActivityAt: Date | null;
  readonly lastActivityAgeSeconds: number | null;
  readonly runningSince: Date | null;
  readonly everSeenActivity: boolean;
}

export function inputsOf({ observations, worker, now }: IdleDecisionInput): DecisionInputs {
  const { signals, everSeenActivity } = observations;
  const { lastActivityAt, runningSince } = worker;
  return {
    signals: OBSERVED_SIGNALS.flatMap((signal) => {
      const state = signals[signal];
      if (!state) return [];
      const { value, from, readings, source, observedAt } = state;
      return [{ signal, value, from, readings, source, observedAt, ageSeconds: seconds(ageOf(state, now)) }];
    }),
    lastActivityAt,
    lastActivityAgeSeconds: seconds(lastActivityAt && now.getTime() - lastActivityAt.getTime()),
    runningSince,
    everSeenActivity,
  };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms / SECOND);
}
