import { HOUR, plus } from '../../kernel/clocks';
import { type GivenAssignment } from '../domain/assignment';
import { type RequestOrder } from '../domain/worker-request-state';

export const NOW = new Date('2027-01-15T08:00:00.000Z');
export const ANN = 'user:ann';

export const hours = (count: number): Date => plus(NOW, count * HOUR);

/** Of the worker `w-1`, from now for an hour. */
export function anAssignment(given: Partial<GivenAssignment> = {}): GivenAssignment {
  return {
    ...{ id: 'a-1', workerId: 'w-1', labId: null, from: NOW, until: hours(1) },
    ...{ by: 'api-key:admin', reason: 'course', requestId: null, grantedAt: NOW },
    ...given,
  };
}

export function anOrder(given: Partial<RequestOrder> = {}): RequestOrder {
  return { userId: ANN, tags: [], hours: 4, labId: null, reason: 'exercise', ...given };
}
