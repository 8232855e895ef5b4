import { MINUTE } from '../../kernel/clocks';
import { BUSY, type Observation } from './observation';
import { type Finding, findingOf, NEEDS_A_PERSON, type Trouble, troubleOf } from './service-reasons';

/** The workers' CMLServiceStatus, in the same words. */
export type ServiceHealth = 'UNAVAILABLE' | 'STARTING' | 'AVAILABLE' | 'ERROR';

/** How long a server may take from its instance's start until it is usable. */
export const BOOT_BUDGET_MS = 30 * MINUTE;

/** So many failed readings in a row until a server that was up counts as unavailable. */
const FAILURES_TO_UNAVAILABLE = 3;

export interface HealthInput {
  /** as it stands */
  readonly current: ServiceHealth;
  /** since when the instance runs, fleet time; what was read before belongs to an earlier run */
  readonly runningSince: Date;
  /** the readings of `cml-system` before the latest one and after it */
  readonly before: Observation<'cml-system'> | undefined;
  readonly after: Observation<'cml-system'>;
  /** the certificate that the latest reading failed for was accepted: the next one goes by it */
  readonly certificateReplaced?: boolean;
  /** fleet time */
  readonly now: Date;
}

export interface ServiceJudgement {
  readonly status: ServiceHealth;
  /** null: AVAILABLE, or the status holds although this reading alone does not say so, and its reason with it */
  readonly finding: Finding | null;
}

/**
 * What the readings of a running worker's CML server say about its service, and why. Two good readings in a row make
 * it AVAILABLE. Three failed ones in a row make it UNAVAILABLE; two that are not good take AVAILABLE from one that
 * still answers, or that a person must look at; a single one changes nothing of that. While it boots it is STARTING;
 * over the boot budget, and where a person must look, ERROR. One that is too busy for us stays what it is.
 */
export function serviceHealth(input: HealthInput): ServiceJudgement {
  const { current, before, after, runningSince } = input;
  if (isBusy(after)) return holding(current);
  const earlier = isOfThisRun(before, runningSince) ? before : undefined;
  const trouble = troubleOf(after);
  if (trouble === null) return afterGood(current, earlier);
  if (trouble === 'certificate' && input.certificateReplaced)
    return unfinished(input, 'certificate-replaced');
  if (NEEDS_A_PERSON.has(trouble)) return afterRefusal(input, trouble, earlier);
  if (after.lastError) return afterFailure(input, trouble);
  const first = !earlier || isGood(earlier) || isBusy(earlier);
  return current === 'AVAILABLE' && first ? holding(current) : unfinished(input, trouble);
}

function afterGood(current: ServiceHealth, earlier: Observation<'cml-system'> | undefined): ServiceJudgement {
  if (current === 'AVAILABLE' || (earlier && isGood(earlier))) return holding('AVAILABLE');
  return current === 'ERROR' ? holding(current) : judged('STARTING', 'settling');
}

/** One answer of that kind may be another server's, which has the address now that was this one's a moment ago. */
function afterRefusal(
  { current, after }: HealthInput,
  trouble: Trouble,
  earlier: Observation<'cml-system'> | undefined,
): ServiceJudgement {
  const repeated = earlier !== undefined && NEEDS_A_PERSON.has(troubleOf(earlier) ?? 'settling');
  const lasting = repeated || after.failedReads >= FAILURES_TO_UNAVAILABLE;
  if (current === 'AVAILABLE' && !lasting) return holding(current);
  return { status: 'ERROR', finding: findingOf('ERROR', trouble, after.values?.version ?? null) };
}

/** It did not answer, or not as CML does. */
function afterFailure(input: HealthInput, trouble: Trouble): ServiceJudgement {
  const { current, after, before, runningSince } = input;
  const gone = after.failedReads >= FAILURES_TO_UNAVAILABLE;
  const answeredBefore = before?.observedAt != null && before.observedAt >= runningSince;
  switch (current) {
    case 'AVAILABLE':
      return gone ? judged('UNAVAILABLE', trouble) : holding(current);
    case 'UNAVAILABLE':
      // one that never answered in this run is not down again but still booting
      return answeredBefore ? judged(current, trouble) : unfinished(input, trouble);
    case 'STARTING':
      // its CML was restarted long after the instance: the boot is over
      return answeredBefore && isOverdue(input) ? judged('UNAVAILABLE', trouble) : unfinished(input, trouble);
    case 'ERROR':
      return gone && answeredBefore ? judged('UNAVAILABLE', trouble) : holding(current);
  }
}

function isOverdue({ now, runningSince }: HealthInput): boolean {
  return now.getTime() - runningSince.getTime() > BOOT_BUDGET_MS;
}

function unfinished(input: HealthInput, trouble: Trouble): ServiceJudgement {
  if (!isOverdue(input)) return judged('STARTING', trouble);
  return judged('ERROR', input.after.lastError ? 'boot-overdue' : trouble);
}

function judged(status: 'UNAVAILABLE' | 'STARTING' | 'ERROR', trouble: Trouble): ServiceJudgement {
  return { status, finding: findingOf(status, trouble) };
}

function holding(status: ServiceHealth): ServiceJudgement {
  return { status, finding: null };
}

function isOfThisRun(observation: Observation | undefined, runningSince: Date): boolean {
  const readAt = observation?.lastError?.at ?? observation?.observedAt ?? null;
  return readAt !== null && readAt >= runningSince;
}

function isBusy({ lastError }: Observation): boolean {
  return lastError?.code === BUSY;
}

function isGood(observation: Observation<'cml-system'>): boolean {
  return troubleOf(observation) === null;
}
