import { MINUTE } from '../../../kernel/clocks';
import { type SimulatedStop } from '../../domain/simulation-result';
import { type DueWorker } from './due-worker';
import { type DueTime } from './worker-replay';

/** Whoever uses a worker so soon after a stop would have been hit by it. */
const HIT_WITHIN_MS = 30 * MINUTE;

/** The stop of a due worker at that time, by what really followed: it stands still until `goesOnAt`; null: up to the end. */
export function simulatedStop(
  worker: DueWorker,
  due: DueTime,
  at: Date,
  end: Date,
): { readonly stop: SimulatedStop; readonly goesOnAt: Date | null } {
  const { use, ranUntil } = aftermathOf(due, at);
  const until = use && (!ranUntil || use.at < ranUntil) ? use.at : ranUntil;
  const isHit = use !== null && use.at.getTime() - at.getTime() <= HIT_WITHIN_MS;
  const stop: SimulatedStop = {
    ...{ workerId: worker.id, at, cause: due.cause, until },
    minutesSaved: Math.max(0, Math.round(((until ?? end).getTime() - at.getTime()) / MINUTE)),
    hit: isHit ? use : null,
    approximate: worker.unclear.some(({ from, to }) => from <= at && to >= at),
  };
  return { stop, goesOnAt: earliest(use?.at ?? null, ranUntil && beginAfter(worker, ranUntil)) };
}

/** When it really began to run again, whoever or whatever started it; null: it did not. */
function beginAfter({ ran }: DueWorker, ranUntil: Date): Date | null {
  return ran.find(({ from }) => from >= ranUntil)?.from ?? null;
}

function earliest(one: Date | null, other: Date | null): Date | null {
  return one && other ? (one < other ? one : other) : (one ?? other);
}

/** A use before the stop, of a signal that does not hold it off, is not one after it. */
function aftermathOf({ after, afterUntil }: DueTime, at: Date): DueTime['after'] {
  const early = (time: Date | undefined | null) => time != null && time < at;
  return {
    use: early(after.use?.at) ? (afterUntil?.use ?? null) : after.use,
    ranUntil: early(after.ranUntil) ? (afterUntil?.ranUntil ?? null) : after.ranUntil,
  };
}
