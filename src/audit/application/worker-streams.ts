import { aggregateIdOf, kindOf, type LogEntry, streamOf } from '../../event-store';

/** Kinds of streams that have a worker's id: its own, and what was asked for its labs. */
const KINDS: readonly string[] = ['worker', 'labs'];

/** Names of the streams in which the histories of workers stand. */
export function streamsOf(workerIds: readonly string[]): string[] {
  return workerIds.flatMap((id) => KINDS.map((kind) => streamOf(kind, id.toLowerCase())));
}

/** The worker in whose history an entry of the log stands; null for all else, be it about a worker or not. */
export function workerOf({ commit: { stream } }: Pick<LogEntry, 'commit'>): string | null {
  return KINDS.includes(kindOf(stream)) ? aggregateIdOf(stream) : null;
}
