import { latest, MINUTE } from '../../kernel/clocks';
import { isRefused } from './cml-versions';
import { labsChanged, newestEdit } from './lab-changes';
import { isNewer } from './newer-activity';
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
    if (!said) return [];
    const trusted = understood || signal === 'ec2' || said.value !== 'idle';
    const newest = newestOf(signal, now);
    return [{ workerId, signal, ...said, ...(!trusted && { value: 'unknown' }), ...newest }];
  };
  // what a version answers that is not understood may show use, but never that there is none
  const understood = !isRefused(after['cml-system']?.values?.version ?? null);
  const labsBefore = before['cml-labs']?.values ?? null;
  const nodesRun = (at: Date) => runsNodes(after['cml-system'], at, rules.maximalAgeMs);
  const knownActivity = before['cml-activity']?.values ?? null;
  return [
    ...say('ec2', before.ec2, after.ec2, ec2Value),
    ...say('labs', before['cml-labs'], after['cml-labs'], (values, at) =>
      labsValue(values, at, labsBefore, nodesRun(at)),
    ),
    ...say('cpu', before['cml-system'], after['cml-system'], (values) => cpuValue(values, rules)),
    ...say('activity', before['cml-activity'], after['cml-activity'], (values, at) =>
      useValue(newestActIn, values, at, knownActivity),
    ),
    ...say('sessions', before['cml-activity'], after['cml-activity'], (values, at) =>
      useValue(newestSessionIn, values, at, knownActivity),
    ),
  ];
}

type Said = Pick<SignalReading, 'value' | 'at' | 'failed'>;

function afterFailure({ observedAt, lastError }: Observation, maximalAgeMs: number): Said | null {
  if (!lastError) return null;
  const { at } = lastError;
  const young = observedAt !== null && at.getTime() - observedAt.getTime() <= maximalAgeMs;
  return young ? null : { value: 'unknown', at, failed: true };
}

function afterReading<S extends Source>(
  { values, observedAt }: Observation<S>,
  valueOf: (values: ValuesOf[S], observedAt: Date) => SignalValue,
): Said | null {
  return values && observedAt ? { value: valueOf(values, observedAt), at: observedAt } : null;
}

/** The newest thing that a person is known to have done, of the signals that tell of it. */
function newestOf(signal: Signal, now: Observation): Pick<SignalReading, 'newestActivityAt'> {
  if (signal !== 'activity' && signal !== 'sessions') return {};
  const { newestActivityAt = null, newestFoundAt = null } = (now.values ?? {}) as Partial<ActivityValues>;
  return { newestActivityAt: latest(newestActivityAt, newestFoundAt) };
}

/** A precondition rather than a sign of use: `idle` says that the instance was seen running, it is never `active`. */
function ec2Value({ status, missingSince }: Ec2Values): SignalValue {
  return status === 'RUNNING' && missingSince === null ? 'idle' : 'unknown';
}

/**
 * Labs that were changed since the reading before are in use, though none of them runs any more, or yet. Where nodes run
 * and no lab does, one of the two is wrong: a controller that was restarted may not list the labs of its machines.
 */
function labsValue(
  values: LabsValues,
  observedAt: Date,
  before: LabsValues | null,
  nodesRun: boolean,
): SignalValue {
  if (values.running > 0 || labsChanged(before, values)) return 'active';
  const edited = newestEdit(values, observedAt);
  if (edited && isRecent(edited, observedAt)) return 'active';
  return nodesRun ? 'unknown' : 'idle';
}

/** As the system last said, unless that was long before; what it does not say speaks against nothing. */
function runsNodes(system: Observation<'cml-system'> | undefined, at: Date, maximalAgeMs: number): boolean {
  const { values = null, observedAt = null } = system ?? {};
  if (!values?.runningNodes || !observedAt) return false;
  return at.getTime() - observedAt.getTime() <= maximalAgeMs;
}

function cpuValue({ cpuPercent }: SystemValues, { cpuIdleBelowPercent }: SignalRules): SignalValue {
  if (cpuPercent === null) return 'unknown';
  return cpuPercent >= cpuIdleBelowPercent ? 'active' : 'idle';
}

/** Where the two are not told apart, the newest of either is as late as each of them, or later. */
function newestActIn({ newestActAt, newestActivityAt }: ActivityValues): Date | null {
  return newestActAt === undefined ? newestActivityAt : newestActAt;
}

function newestSessionIn({ newestSessionAt, newestActivityAt }: ActivityValues): Date | null {
  return newestSessionAt === undefined ? newestActivityAt : newestSessionAt;
}

/**
 * A server that never reported an event may have its telemetry off: its empty list says nothing. What the reading before
 * did not know has happened since, whatever the time is that the server gives it.
 */
function useValue(
  newestIn: (values: ActivityValues) => Date | null,
  values: ActivityValues,
  observedAt: Date,
  before: ActivityValues | null,
): SignalValue {
  if (!values.everSeen) return 'unknown';
  const newest = newestIn(values);
  if (!newest) return 'idle';
  const sinceLastReading = before !== null && isNewer(newestIn(before), newest);
  return sinceLastReading || isRecent(newest, observedAt) ? 'active' : 'idle';
}

function isRecent(act: Date, observedAt: Date): boolean {
  return observedAt.getTime() - act.getTime() < RECENT_ACTIVITY_MS;
}
