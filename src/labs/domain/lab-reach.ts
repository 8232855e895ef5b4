import { labsWithin, type Reach, type Reachable } from '../../kernel/reach';
import { LabNotFound } from './lab-errors';

/**
 * That a lab of the worker is within reach.
 * @throws LabNotFound for any other id, whether there is such a lab or not: nothing is looked up for it
 */
export function mustReachLab(reach: Reach, worker: Reachable, labId: string): void {
  const within = labsWithin(reach, worker);
  if (within !== 'all' && !within.has(labId))
    throw new LabNotFound(labId, 'the worker has none with this id.');
}
