import { type ProcessStep } from '../../event-store';
import {
  CMLWorkerLicenseUpdatedDomainEvent,
  CMLWorkerReleasedDomainEvent,
  CMLWorkerTerminatedDomainEvent,
  WORKER_DEFINITION,
} from '../../workers';
import { type SeatSettlement } from '../application/seat-settlement';
import { type StoredLicensePools } from '../application/stored-license-pools';

/**
 * Brings to the pools what happened to the workers: what their servers say of the licence, and that they are gone. All
 * of it looks at what is so by then, so that it may be done again.
 */
export function settleLicenseSeats(
  settlement: Pick<SeatSettlement, 'settle'>,
  pools: Pick<StoredLicensePools, 'reported'>,
): ProcessStep {
  return {
    ...{ name: 'settle-license-seats', kind: WORKER_DEFINITION.streamPrefix, startAfter: 0 },
    on: async (event, context) => {
      if (event instanceof CMLWorkerLicenseUpdatedDomainEvent) {
        const { licenseStatus, updatedAt } = event.data;
        return pools.reported(event.aggregateId, licenseStatus, updatedAt, context);
      }
      const ended =
        event instanceof CMLWorkerTerminatedDomainEvent || event instanceof CMLWorkerReleasedDomainEvent;
      if (ended) await settlement.settle(event.aggregateId, context);
    },
  };
}
