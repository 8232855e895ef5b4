import { type ServerLicense } from '../domain/license-step';
import { type LicenseCall, type SentCall, type UnansweredCall } from '../domain/worker-license-state';

export const AT = new Date('2027-01-15T12:00:00.000Z');
export const OPERATION = 'o-1';

/** A server that is not registered and says nothing else, but for what is stated. */
export function aServer(given: Partial<ServerLicense> = {}): ServerLicense {
  return {
    ...{ registration: 'NOT_REGISTERED', authorization: 'EVAL', failure: null, features: [] },
    ...{ registrationExpires: null, authorizationExpires: null, productLicense: null, smartServer: null },
    ...given,
  };
}

/** A call of the operation `o-1` whose answer is not known. */
export function sentAt(call: LicenseCall, at: Date, given: Partial<SentCall> = {}): UnansweredCall {
  const source = call === 'register' ? { poolId: 'p-1', fingerprint: 'aaaaaaaaaaaa' } : null;
  const before = { registration: 'NOT_REGISTERED', expires: null };
  const otherwise = { sent: null, holding: 'none' as const };
  return { otherwise, call, operationId: OPERATION, tries: 1, source, before, sentAt: at, ...given };
}
