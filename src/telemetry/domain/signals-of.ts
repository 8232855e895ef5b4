import { MINUTE } from '../../kernel/clocks';
import {
  type ActivityValues,
  type Ec2Values,
  type LabsValues,
  type Observation,
  type Observations,
  type Source,
  type SystemValues,
  type ValuesOf,
} from './observation';
import { type Signal, type SignalReading, type SignalValue } from './signal';

export interface SignalRules {
  /** percent of the whole host, 0–100: from here on the processor counts as in use */
  readonly cpuIdleBelowPercent: number;
  /** how old the last good reading may be, milliseconds, until a failed one makes the signal unknown */
  readonly maximalAgeMs: number;
}

/** An act of a person this long before a reading makes it `active`, even where an earlier reading saw the act, too. */
export const RECENT_ACTIVITY_MS = 5 * MINUTE;

/**
 * What new observations of a worker say about its signals. A source that was not read again says nothing; one whose
 * reading failed says `unknown`, but only when its last good reading has become too old: one failed poll does not
 * break an interval.
 */
export function signalsOf(
  workerId: string,
  before: Observations,
  after: Observations,
  rules: SignalRules,
): SignalReading[] {
  const say = <S extends Source>(
    signal: Signal,
    earlier: Observation<S> | undefined,
    now: Observation<S> | undefined,
    valueOf: (values: ValuesOf[S], observedAt: Date) => SignalValue,
  ): SignalReading[] => {
    if (!now || now === earlier) return [];
    const said = now.lastError ? afterFailure(now, rules.maximalAgeMs) : afterReading(now, valueOf);
    return said ? [{ workerId, signal, ...said }] : [];
  };
  const seenBefore = before['cml-activity']?.observedAt ?? null;
  return [
    ...say('ec2', before.ec2, after.ec2, ec2Value),
    ...say('labs', before['cml-labs'], after['cml-labs'], labsValue),
    ...say('cpu', before['cml-system'], after['cml-system'], (values) => cpuValue(values, rules)),
    ...say('activity', before['cml-activity'], after['cml-activity'], (values, at) =>
      activityValue(values, at, seenBefore),
    ),
  ];
}

/**
 * When somebody was last seen to use the worker, as far as these observations and the signals made of them tell. A
 * server whose clock is ahead cannot name a time after the reading.
 */
export function lastActivityIn(after: Observations, signals: readonly SignalReading[]): Date | null {
  const activity = after['cml-activity'];
  const acts = activity?.values?.newestActivityAt ?? null;
  const latestAct = acts && activity?.observedAt && acts > activity.observedAt ? activity.observedAt : acts;
  const inUse = signals.filter(
    ({ signal, value }) => value === 'active' && (signal === 'labs' || signal === 'cpu'),
  );
  const times = [latestAct, ...inUse.map(({ at }) => at)].flatMap((time) => (time ? [time.getTime()] : []));
  return times.length > 0 ? new Date(Math.max(...times)) : null;
}

type Said = Pick<SignalReading, 'value' | 'at'>;

function afterFailure({ observedAt, lastError }: Observation, maximalAgeMs: number): Said | null {
  if (!lastError) return null;
  const { at } = lastError;
  const young = observedAt !== null && at.getTime() - observedAt.getTime() <= maximalAgeMs;
  return young ? null : { value: 'unknown', at };
}

function afterReading<S extends Source>(
  { values, observedAt }: Observation<S>,
  valueOf: (values: ValuesOf[S], observedAt: Date) => SignalValue,
): Said | null {
  return values && observedAt ? { value: valueOf(values, observedAt), at: observedAt } : null;
}

/** A precondition rather than a sign of use: `idle` says that the instance was seen running, it is never `active`. */
function ec2Value({ status, missingSince }: Ec2Values): SignalValue {
  return status === 'RUNNING' && missingSince === null ? 'idle' : 'unknown';
}

function labsValue({ running }: LabsValues): SignalValue {
  return running > 0 ? 'active' : 'idle';
}

function cpuValue({ cpuPercent }: SystemValues, { cpuIdleBelowPercent }: SignalRules): SignalValue {
  if (cpuPercent === null) return 'unknown';
  return cpuPercent >= cpuIdleBelowPercent ? 'active' : 'idle';
}

/** A server that never reported an event may have its telemetry off: its empty list says nothing. */
function activityValue(
  { newestActivityAt, everSeen }: ActivityValues,
  observedAt: Date,
  seenBefore: Date | null,
): SignalValue {
  if (!everSeen) return 'unknown';
  if (!newestActivityAt) return 'idle';
  const age = observedAt.getTime() - newestActivityAt.getTime();
  const sinceLastReading = seenBefore !== null && newestActivityAt > seenBefore;
  return sinceLastReading || age < RECENT_ACTIVITY_MS ? 'active' : 'idle';
}
