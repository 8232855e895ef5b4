import { streamOf } from '../../event-store';

/** Names of the streams in which the histories of workers stand. */
export function streamsOf(workerIds: readonly string[]): string[] {
  return workerIds.map((id) => streamOf('worker', id.toLowerCase()));
}
