import { HOUR, plus } from '../../kernel/clocks';
import { type LicenseReading } from './license-reading';
import { type Deadline, type WorkerLicenseState } from './worker-license-state';

const DAY = 24 * HOUR;

/**
 * How long before its end a server has renewed it by itself, where it can: a registration of a year after half of it, an
 * authorization of 90 days each month. What is still so near its end is not being renewed.
 */
const WARNED_WITHIN_MS: Readonly<Record<Deadline, number>> = {
  registration: 30 * DAY,
  authorization: 7 * DAY,
};

/** The ends that people should be warned of, and were not. */
export function expiryWarnings(
  reading: LicenseReading,
  { warned }: Pick<WorkerLicenseState, 'warned'>,
  now: Date,
): { readonly of: Deadline; readonly expires: Date }[] {
  if (reading.registration !== 'COMPLETED') return [];
  const ends = { registration: reading.registrationExpires, authorization: reading.authorizationExpires };
  return (['registration', 'authorization'] as const).flatMap((of) => {
    const expires = ends[of];
    if (expires === null || expires <= now || expires > plus(now, WARNED_WITHIN_MS[of])) return [];
    return warned[of]?.getTime() === expires.getTime() ? [] : [{ of, expires }];
  });
}
