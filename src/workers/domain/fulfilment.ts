import { type WorkerState } from './worker-state';
import { isDown } from './worker-status';

/**
 * Whether the intent was fulfilled once. That was seen, or can be told without having been seen: EC2 answered our stop, so
 * the instance did come to a stop. If it runs again, somebody has started it, who may have labs on it.
 */
export function wasFulfilled({ convergedAt, desired, answered }: WorkerState): boolean {
  if (convergedAt !== null) return true;
  return (
    desired.state === 'STOPPED' && answered !== null && isDown(answered.status) && answered.at >= desired.at
  );
}
