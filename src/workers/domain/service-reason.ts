import { MINUTE } from '../../kernel/clocks';
import { type ServiceReason, type WorkerState } from './worker-state';
import { type CMLServiceStatus } from './worker-status';

/** Why CML is as it is, as a reading says it. */
export type ServiceFinding = Pick<ServiceReason, 'code' | 'message'>;

/**
 * While the status stays, a reason holds at least this long, so that a server that wavers makes few events; but one that
 * no waiting cures is told at once.
 */
export const REASON_STEP_MS = 5 * MINUTE;

/** Codes of reasons that no waiting cures: somebody must do what the message says. */
const FOR_A_PERSON: ReadonlySet<string> = new Set(['certificate', 'credentials', 'version-unsupported']);

export function waitsForAPerson(reason: Pick<ServiceReason, 'code'> | null): boolean {
  return reason !== null && FOR_A_PERSON.has(reason.code);
}

/**
 * The reason after a reading; the known object itself where it goes on to hold. `finding` null: the reading says
 * nothing about why, as one that a status outlasts. What is AVAILABLE needs no reason.
 */
export function reasonAfter(
  { serviceStatus, serviceReason }: Pick<WorkerState, 'serviceStatus' | 'serviceReason'>,
  status: CMLServiceStatus,
  finding: ServiceFinding | null,
  now: Date,
): ServiceReason | null {
  if (status === 'AVAILABLE') return null;
  const known = status === serviceStatus ? serviceReason : null;
  if (!finding) return known;
  if (known) {
    const repeated = known.code === finding.code && known.message === finding.message;
    const urgent = waitsForAPerson(finding) && !waitsForAPerson(known);
    const young = now.getTime() - known.at.getTime() < REASON_STEP_MS;
    if (repeated || (young && !urgent)) return known;
  }
  return { code: finding.code, message: finding.message, at: now };
}
