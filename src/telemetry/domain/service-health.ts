import { MINUTE } from '../../kernel/clocks';
import { type Observation } from './observation';

/** The workers' CMLServiceStatus, in the same words. */
export type ServiceHealth = 'UNAVAILABLE' | 'STARTING' | 'AVAILABLE' | 'ERROR';

/** How long a server may take from its instance's start until it is usable. */
export const BOOT_BUDGET_MS = 30 * MINUTE;

/** So many failed readings in a row until a server that was up counts as unavailable. */
const FAILURES_TO_UNAVAILABLE = 3;

/** Failures that no waiting cures: a person must look. */
const NEEDS_A_PERSON = ['certificate', 'credentials'];

export interface HealthInput {
  /** as it stands */
  readonly current: ServiceHealth;
  /** since when the instance runs, fleet time; what was read before belongs to an earlier run */
  readonly runningSince: Date;
  /** the readings of `cml-system` before the latest one and after it */
  readonly before: Observation<'cml-system'> | undefined;
  readonly after: Observation<'cml-system'>;
  /** fleet time */
  readonly now: Date;
}

/**
 * What the readings of a running worker's CML server say about its service. A reading is good if the server says that
 * it is ready and healthy; where it does not say, the reading is not good. Two good readings in a row make it
 * AVAILABLE, three failed ones UNAVAILABLE, two that answer without being good take it from AVAILABLE again; one alone
 * changes nothing of that. While it boots it is STARTING; over the boot budget, and where a person must look, ERROR.
 */
export function serviceHealth(input: HealthInput): ServiceHealth {
  const { current, before, after, runningSince } = input;
  const earlier = isOfThisRun(before, runningSince) ? before : undefined;
  const { lastError } = after;
  if (lastError) {
    if (NEEDS_A_PERSON.includes(lastError.code)) return 'ERROR';
    return afterFailure(input, earlier !== undefined);
  }
  if (isGood(after)) {
    if (current === 'AVAILABLE' || isGood(earlier)) return 'AVAILABLE';
    return current === 'UNAVAILABLE' ? 'STARTING' : current;
  }
  const first = !earlier || earlier.lastError !== null || isGood(earlier);
  return current === 'AVAILABLE' && first ? current : unfinished(input);
}

/** It did not answer, or not as CML does. `answeredBefore`: it did so earlier in this run of the instance. */
function afterFailure(input: HealthInput, answeredBefore: boolean): ServiceHealth {
  const { current, after } = input;
  const gone = after.failedReads >= FAILURES_TO_UNAVAILABLE;
  switch (current) {
    case 'AVAILABLE':
      return gone ? 'UNAVAILABLE' : current;
    case 'UNAVAILABLE':
      // one that never answered in this run is not down again but still booting
      return answeredBefore ? current : unfinished(input);
    case 'STARTING':
      return unfinished(input);
    case 'ERROR':
      return gone && answeredBefore ? 'UNAVAILABLE' : current;
  }
}

function unfinished({ now, runningSince }: HealthInput): ServiceHealth {
  return now.getTime() - runningSince.getTime() > BOOT_BUDGET_MS ? 'ERROR' : 'STARTING';
}

function isOfThisRun(observation: Observation | undefined, runningSince: Date): boolean {
  const observedAt = observation?.observedAt ?? null;
  return observedAt !== null && observedAt >= runningSince;
}

function isGood(observation: Observation<'cml-system'> | undefined): boolean {
  const { values = null, lastError = null } = observation ?? {};
  return lastError === null && values?.ready === true && values.healthy === true;
}
