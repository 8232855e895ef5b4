import { streamOf } from '../../event-store';

/** Kinds of streams that have a worker's id: its own, and what was asked for its labs. */
const KINDS = ['worker', 'labs'] as const;

/** Names of the streams in which the histories of workers stand. */
export function streamsOf(workerIds: readonly string[]): string[] {
  return workerIds.flatMap((id) => KINDS.map((kind) => streamOf(kind, id.toLowerCase())));
}
