import { MINUTE, plus } from '../../kernel/clocks';
import { type SignalInterval } from '../../telemetry';
import { type WorkerState } from '../../workers';
import { SIGNALS } from '../application/replay/change-times';
import { type Span, type WorkerPast } from '../application/replay/worker-past';

/** What is recorded of a worker that runs all the time, while nobody uses it, read in these times only. */
export function idlePast(state: WorkerState, from: Date, read: readonly Span[]): WorkerPast {
  const intervals = SIGNALS.flatMap((signal) =>
    read.map((span): SignalInterval => {
      const trail = { knownAt: span.from, confirmedAt: plus(span.from, MINUTE), gaps: [], failed: false };
      const readings = Math.round((span.to.getTime() - span.from.getTime()) / MINUTE);
      return { workerId: state.id, signal, value: 'idle', ...span, readings, longestGapMs: MINUTE, trail };
    }),
  );
  return { moments: [{ at: from, state: { ...state, lastActivityAt: from } }], intervals };
}
