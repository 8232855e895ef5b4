import {
  fail,
  isWithin,
  type LicenseStep,
  type OnceStep,
  type ServerLicense,
  SETTLES_WITHIN_MS,
  wordsOf,
} from './license-step';

/** What the next step of a renewal is decided by. Renewals are harmless to repeat: nothing of them is remembered. */
export interface Renewing {
  readonly did: ReadonlySet<OnceStep>;
  /** what the server said before this run renewed anything */
  readonly before: ServerLicense;
  /** when this run began, or last renewed something */
  readonly since: Date;
  readonly server: ServerLicense;
  readonly now: Date;
}

/** First the registration, then the authorization, for which the server must be registered. */
export function renewalStep({ did, before, since, server, now }: Renewing): LicenseStep {
  const mayCome = isWithin(since, SETTLES_WITHIN_MS, now);
  const { registration, authorization } = server;
  if (registration === 'FAILED') {
    return fail('license-refused', `Smart Licensing did not renew the licence: ${wordsOf(server)}.`);
  }
  if (registration !== 'COMPLETED') {
    const isUnderWay = registration === null || registration.endsWith('IN_PROGRESS');
    if (isUnderWay && mayCome) return { do: 'poll' };
    const remedy = 'A server that is not registered needs a token: PUT its licence.';
    return fail('license-not-registered', `There is nothing to renew: ${wordsOf(server)}. ${remedy}`);
  }
  if (!did.has('renew-registration')) return { do: 'renew-registration' };
  if (!did.has('renew-authorization')) return { do: 'renew-authorization' };
  const moved = hasMoved(before, server);
  if (authorization === 'IN_COMPLIANCE' && moved) return { do: 'done', message: 'Both were renewed.' };
  if (mayCome) return { do: 'poll' };
  if (authorization !== 'IN_COMPLIANCE' || server.failure !== null) {
    return fail('license-refused', `The licence was not renewed: ${wordsOf(server)}.`);
  }
  return { do: 'done', message: 'The server accepted the renewals, and shows the same dates as before.' };
}

function hasMoved(before: ServerLicense, after: ServerLicense): boolean {
  const ends = ['registrationExpires', 'authorizationExpires'] as const;
  return ends.every((end) => (after[end]?.getTime() ?? 0) > (before[end]?.getTime() ?? 0));
}
