import { InvalidInput } from '../../kernel/domain-error';
import { MINUTE, plus } from '../../kernel/clocks';
import { type WorkerState } from './worker-state';

/** How long people may snooze a worker, which its idle policy says. In memory: it never fails and never waits. */
export abstract class SnoozeCap {
  abstract minutesFor(worker: Pick<WorkerState, 'id' | 'awsRegion' | 'tags' | 'idlePolicyId'>): number;
}

/** @param pointer what of the request says until when */
export function mustBeWithinCap(until: Date, capMinutes: number, now: Date, pointer: string): void {
  if (until <= plus(now, capMinutes * MINUTE)) return;
  throw new InvalidInput([{ pointer, message: `is more than the policy allows: ${capMinutes} minutes` }]);
}
