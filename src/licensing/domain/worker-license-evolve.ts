import { type WorkerLicenseEvent } from './worker-license-events';
import {
  type LicenseCall,
  LICENSE_OPERATIONS,
  NO_LICENSE,
  type WorkerLicenseState,
} from './worker-license-state';

/** The state after an event. */
export function evolve(state: WorkerLicenseState, event: WorkerLicenseEvent): WorkerLicenseState {
  switch (event.type) {
    case 'worker-license.requested': {
      const { wanted } = event.data;
      return { ...state, wanted, failure: null, request: requestOf('requested', event.data) };
    }
    case 'worker-license.release-requested':
      return {
        ...state,
        wanted: null,
        failure: null,
        request: requestOf('release-requested', event.data, event.data.stopLabs),
      };
    case 'worker-license.renewal-requested':
      return { ...state, failure: null, request: requestOf('renewal-requested', event.data) };
    case 'worker-license.call-sent': {
      const { call, sentAt } = event.data;
      const registers = call === 'register';
      const holding = registers && state.holding === 'none' ? 'maybe' : state.holding;
      const registrationSentAt = registers ? sentAt : state.registrationSentAt;
      const { sent: earlier, holding: held } = state;
      const otherwise = earlier?.call === call ? earlier.otherwise : { sent: earlier, holding: held };
      return { ...state, sent: { ...event.data, otherwise }, holding, registrationSentAt };
    }
    case 'worker-license.call-refused':
      return refused(state, event.data.call);
    case 'worker-license.registered': {
      const { source, operationId, registeredAt } = event.data;
      return {
        ...state,
        sent: null,
        holding: 'ours',
        heldSince: registeredAt,
        registered: { ...source, operationId, at: registeredAt },
        // the same server takes the place that was left over
        ...{ failure: null, leftOver: null },
      };
    }
    case 'worker-license.renewed':
      return { ...state, failure: null };
    case 'worker-license.failed': {
      const { operationId, code, message, unused, failedAt } = event.data;
      const failed = { ...state, failure: { operationId, code, message, at: failedAt } };
      return unused ? { ...failed, ...heldNoMore(failedAt) } : failed;
    }
    case 'worker-license.released': {
      const { outcome, operationId, releasedAt } = event.data;
      // what was left over of the same server is gone with it, where Cisco has heard of it
      const leftOver = outcome === 'released' ? null : state.leftOver;
      return {
        ...state,
        ...heldNoMore(releasedAt),
        failure: null,
        leftOver,
        ended: { operationId, outcome },
      };
    }
    case 'worker-license.left-over': {
      const { reason, operationId, leftAt } = event.data;
      const ended = { operationId, outcome: 'left-over' as const };
      return { ...state, ...heldNoMore(leftAt), failure: null, leftOver: { reason, at: leftAt }, ended };
    }
    case 'worker-license.found':
      return { ...state, holding: 'foreign', heldSince: event.data.foundAt };
    case 'worker-license.expiry-warned':
      return { ...state, warned: { ...state.warned, [event.data.of]: event.data.expires } };
  }
}

/**
 * What was sent before, and never answered, may have been done all the same. A refused deregistration says nothing about a
 * registration that came before it: only a refused registration takes back what it may have brought.
 */
function refused(state: WorkerLicenseState, call: LicenseCall): WorkerLicenseState {
  const { sent, holding } = state;
  if (sent?.call !== call) return state;
  if (sent.tries > 1) return { ...state, sent: { ...sent, tries: sent.tries - 1 } };
  const { otherwise } = sent;
  return { ...state, sent: otherwise.sent, holding: holding === 'maybe' ? otherwise.holding : holding };
}

function heldNoMore(heldSince: Date) {
  const { sent, holding, registered, warned } = NO_LICENSE;
  return { sent, holding, registered, warned, heldSince };
}

function requestOf(
  event: keyof typeof LICENSE_OPERATIONS,
  data: { readonly operationId: string; readonly requestedAt: Date; readonly requestedBy: string },
  stopLabs = false,
) {
  const { operationId, requestedAt: at, requestedBy: by } = data;
  return { kind: LICENSE_OPERATIONS[event], operationId, by, at, stopLabs };
}
