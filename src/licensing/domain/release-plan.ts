import {
  DEREGISTERS_WITHIN_MS,
  fail,
  isWithin,
  type LicenseStep,
  type ServerLicense,
  SETTLES_WITHIN_MS,
  wordsOf,
} from './license-step';
import { type WorkerLicenseState } from './worker-license-state';

/** What the next step of a release is decided by. */
export interface Releasing {
  readonly memory: WorkerLicenseState;
  /** when this run began: the server is given its time from then on */
  readonly since: Date;
  readonly server: ServerLicense;
  readonly now: Date;
}

export const ANSWER_LOST =
  'the answer to its deregistration was lost: the server has no licence any more, and nobody knows whether it could tell ' +
  'Cisco';

/**
 * What frees a server of its licence. A registration that may be on its way is waited for, else it would come after the
 * release; and a server that is free after a deregistration whose answer was lost may not have told Cisco.
 */
export function releaseStep({ memory, since, server, now }: Releasing): LicenseStep {
  const { sent } = memory;
  const isFree = server.registration === 'NOT_REGISTERED';
  if (server.registration === null) {
    const unreadable = fail(
      'license-timed-out',
      `The server does not say whether it is registered: ${wordsOf(server)}.`,
    );
    return isWithin(since, SETTLES_WITHIN_MS, now) ? { do: 'poll' } : unreadable;
  }
  if (sent?.call === 'deregister') {
    if (isFree) return { do: 'left-over', reason: ANSWER_LOST };
    return isWithin(sent.sentAt, DEREGISTERS_WITHIN_MS, now) ? { do: 'poll' } : { do: 'deregister' };
  }
  const mayRegister =
    sent?.call === 'register' &&
    (isFree || server.registration.endsWith('IN_PROGRESS')) &&
    isWithin(sent.sentAt, SETTLES_WITHIN_MS, now);
  if (mayRegister) return { do: 'poll' };
  return isFree ? { do: 'done', message: 'The server was not registered.' } : { do: 'deregister' };
}
