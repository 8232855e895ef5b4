import { type WorkerState } from './worker-state';
import { isDown } from './worker-status';

/**
 * Whether the intent was fulfilled once: seen so, or not seen since nobody looked: what EC2 said that it stops had come to a stop before it ran again, and who
 * started it may have labs on it.
 */
export function wasFulfilled({ convergedAt, desired, answered }: WorkerState): boolean {
  if (convergedAt !== null) return true;
  return (
    desired.state === 'STOPPED' && answered !== null && isDown(answered.status) && answered.at >= desired.at
  );
}
