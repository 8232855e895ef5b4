import { MINUTE } from '../../kernel/clocks';

/** What `GET /licensing` and `GET /system_health` of a CML server say about its licence; null is what they do not say. */
export interface LicenseReading {
  /** `registration.status`: NOT_REGISTERED, IN_PROGRESS, RETRY_IN_PROGRESS, COMPLETED, FAILED, … */
  readonly registration: string | null;
  /** `authorization.status`: INIT, EVAL, IN_COMPLIANCE, OUT_OF_COMPLIANCE, … */
  readonly authorization: string | null;
  readonly registrationExpires: Date | null;
  readonly authorizationExpires: Date | null;
  /** `system_health.is_licensed` */
  readonly licensed: boolean | null;
}

export type LicenseStatusValue = 'UNREGISTERED' | 'REGISTERED' | 'EVALUATION' | 'EXPIRED' | 'INVALID';

/** Whether Cisco may count a licence for a server with this status; only its own word that it is not registered says no. */
export function isRegistered(status: LicenseStatusValue): boolean {
  return status !== 'UNREGISTERED' && status !== 'EVALUATION';
}

/** How long the authorization may follow a registration; after that it does not come by itself. */
export const AUTHORIZATION_WITHIN_MS = 2 * MINUTE;

const SETTLING = ['INIT', 'EVAL', 'WAITING'];

/** All words that a server was ever seen to say; the vendor lists none. */
const REGISTRATION = ['NOT_REGISTERED', 'COMPLETED', 'FAILED'];
const AUTHORIZATION = [...SETTLING, 'IN_COMPLIANCE', 'OUT_OF_COMPLIANCE', 'NOT_AUTHORIZED'];

/** The words of a reading that nobody knows: they count as INVALID, and a person should look what they mean. */
export function unknownWords({ registration, authorization }: LicenseReading): string[] {
  const known = (word: string, words: readonly string[]) => words.includes(word) || word.includes('EXPIRED');
  return [
    ...(registration === null || registration.endsWith('IN_PROGRESS') || known(registration, REGISTRATION)
      ? []
      : [`registration ${registration}`]),
    ...(authorization === null || known(authorization, AUTHORIZATION)
      ? []
      : [`authorization ${authorization}`]),
  ];
}

/**
 * The status that a reading means; `before` is kept where it says nothing. The server has no field for an expired
 * licence and no list of its statuses, so the dates decide, and a word that nobody knows is INVALID rather than fine.
 * @param requestedAt when a registration was last asked for; null if it was not
 */
export function licenseStatusOf(
  reading: LicenseReading,
  before: LicenseStatusValue,
  requestedAt: Date | null,
  now: Date,
): LicenseStatusValue {
  const { registration, authorization, licensed } = reading;
  if (registration === null) return before;
  const completed = registration === 'COMPLETED';
  if (isExpired(reading, completed, now)) return 'EXPIRED';
  if (completed && authorization === 'IN_COMPLIANCE') return 'REGISTERED';
  if (completed && SETTLING.includes(authorization ?? 'INIT')) {
    const settling = requestedAt !== null && now.getTime() - requestedAt.getTime() <= AUTHORIZATION_WITHIN_MS;
    return settling ? before : 'INVALID';
  }
  if (registration === 'NOT_REGISTERED' || registration.endsWith('IN_PROGRESS')) {
    return authorization === 'EVAL' && licensed === true ? 'EVALUATION' : 'UNREGISTERED';
  }
  return 'INVALID';
}

function isExpired(reading: LicenseReading, completed: boolean, now: Date): boolean {
  const words = [reading.registration, reading.authorization];
  if (words.some((word) => word?.includes('EXPIRED'))) return true;
  const dates = [reading.registrationExpires, reading.authorizationExpires];
  return completed && dates.some((date) => date !== null && date < now);
}

/**
 * A licence date as UTC. Servers write `2026-04-14 00:55:21` without a zone, which `new Date` would take for local
 * time. Null for what is not a date.
 */
export function licenseDate(text: string | null): Date | null {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})/.exec(text ?? '');
  if (!match) return null;
  const time = Date.parse(`${match[1]}T${match[2]}Z`);
  return Number.isNaN(time) ? null : new Date(time);
}
