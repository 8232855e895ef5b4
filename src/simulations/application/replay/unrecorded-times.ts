import { latest, plus } from '../../../kernel/clocks';
import { type IdlePolicy, longestAgeOf, OBSERVED_SIGNALS, type ObservedSignal } from '../../../reaper';
import { type SignalInterval } from '../../../telemetry';
import { type WorkerState } from '../../../workers';
import { type SignalRecord } from './signal-record';
import { type Span, type WorkerMoment } from './worker-past';

/**
 * The times in which something should have been read that the policy requires, and nothing is recorded of it: the
 * instance while it ran, what its server says while it served. A reading counts until it is too old.
 */
export function unrecordedTimes(
  moments: readonly WorkerMoment[],
  records: ReadonlyMap<ObservedSignal, SignalRecord>,
  policy: IdlePolicy,
  span: Span,
): Span[] {
  const runs = timesOf(moments, span, ({ status }) => status === 'RUNNING');
  const serves = timesOf(moments, span, (state) => isServing(state));
  return OBSERVED_SIGNALS.filter((signal) => policy.requiredSignals.includes(signal)).flatMap((signal) => {
    const recorded = records.get(signal)?.intervals ?? [];
    const age = longestAgeOf(signal, policy);
    return (signal === 'ec2' ? runs : serves).flatMap((time) => uncovered(time, recorded, age));
  });
}

function isServing({ status, serviceStatus }: WorkerState): boolean {
  return status === 'RUNNING' && serviceStatus === 'AVAILABLE';
}

/** The parts of a time that are further than `age`, milliseconds, after its begin and all readings. */
function uncovered({ from, to }: Span, recorded: readonly SignalInterval[], age: number): Span[] {
  const parts: Span[] = [];
  let coveredUntil = plus(from, age);
  for (const interval of recorded) {
    if (interval.from >= to) break;
    if (interval.from > coveredUntil) parts.push({ from: coveredUntil, to: interval.from });
    coveredUntil = latest(coveredUntil, plus(interval.to, age)) ?? coveredUntil;
  }
  return coveredUntil < to ? [...parts, { from: coveredUntil, to }] : parts;
}

/** The times within `span` in which a worker stood as is asked. */
export function timesOf(
  moments: readonly WorkerMoment[],
  { from, to }: Span,
  asked: (state: WorkerState) => boolean,
): Span[] {
  const spans: Span[] = [];
  let begin: Date | null = null;
  for (const { at, state } of moments) {
    if (asked(state)) begin ??= at;
    else if (begin) {
      spans.push({ from: begin, to: at });
      begin = null;
    }
  }
  if (begin) spans.push({ from: begin, to });
  const within = (time: Date) => new Date(Math.min(Math.max(time.getTime(), from.getTime()), to.getTime()));
  return spans
    .map((span) => ({ from: within(span.from), to: within(span.to) }))
    .filter((span) => span.from < span.to);
}
