import { type WorkerState } from '../../workers';
import { aWorker } from '../../workers/testing/worker.builder';
import { minutesAgo } from './idle-input.builder';

/** A worker that has run for ten hours and was last used 80 minutes ago, but for what is stated. */
export function aWorkerState(stated: Partial<WorkerState> = {}): WorkerState {
  const { name = 'lab-1', id = `id-of-${name}` } = stated;
  const idle = aWorker({ name }, id).serving().idleSince(minutesAgo(80)).state;
  return { ...idle, runningSince: minutesAgo(600), revision: 7, ...stated };
}
