import { SECOND } from '../../../kernel/clocks';
import { type IdleDecisionInput } from './idle-input';
import { API_SOURCE, IDLE_SIGNALS, type IdleSignal, type SignalState } from './idle-signals';
import { ageOf, findSignal, longestAgeOf } from './signal-finding';

interface SignalInput extends Pick<SignalState, 'value' | 'source' | 'observedAt'> {
  readonly signal: IdleSignal;
  /** since when it has its value; null: the API was never used */
  readonly from: Date | null;
  readonly readings: number;
  /** null: never read */
  readonly ageSeconds: number | null;
  /** an older reading says nothing; null: it cannot be old */
  readonly maximalAgeSeconds: number | null;
}

/** What the decision rested on. A signal that was never read is missing. */
export interface DecisionInputs {
  readonly signals: readonly SignalInput[];
  readonly lastActivityAt: Date | null;
  readonly lastActivityAgeSeconds: number | null;
  readonly runningSince: Date | null;
  readonly everSeenActivity: boolean;
  readonly lastUse: { readonly kind: string; readonly at: Date; readonly by: string } | null;
  readonly lastLabs: { readonly running: number; readonly at: Date } | null;
}

export function inputsOf(input: IdleDecisionInput): DecisionInputs {
  const { lastActivityAt, runningSince, lastUse } = input.worker;
  const { everSeenActivity, lastLabs } = input.observations;
  return {
    signals: IDLE_SIGNALS.flatMap((signal) => signalInput(signal, input) ?? []),
    lastActivityAt,
    lastActivityAgeSeconds: seconds(lastActivityAt && input.now.getTime() - lastActivityAt.getTime()),
    runningSince,
    everSeenActivity,
    lastUse,
    lastLabs,
  };
}

function signalInput(signal: IdleSignal, input: IdleDecisionInput): SignalInput | null {
  if (signal === 'api') return apiInput(input);
  const state = input.observations.signals[signal];
  if (!state) return null;
  const { value, from, readings, source, observedAt } = state;
  const ageSeconds = seconds(ageOf(state, input.now));
  const maximalAgeSeconds = seconds(longestAgeOf(signal, input.policy));
  return { signal, value, from, readings, source, observedAt, ageSeconds, maximalAgeSeconds };
}

/** Nobody has to read it: what was not asked of this API was not done through it. */
function apiInput(input: IdleDecisionInput): SignalInput {
  return {
    signal: 'api',
    value: findSignal('api', input) === 'active' ? 'active' : 'idle',
    from: input.worker.lastUse?.at ?? null,
    readings: 1,
    source: API_SOURCE,
    observedAt: input.now,
    ageSeconds: 0,
    maximalAgeSeconds: null,
  };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms / SECOND);
}
