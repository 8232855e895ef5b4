import { MINUTE, SECOND } from '../../../src/kernel/clocks';
import { type StopRefusal } from '../../../src/reaper/domain/control/control-state';
import { leastWarningMinutes, type IdlePolicy } from '../../../src/reaper/domain/policy/idle-policy';
import { type ProbeTrace } from '../truth/simulated-signs';

/** A probe that was begun so long before the call is too old. */
export const PROBE_HOLDS_MS = 10 * SECOND;
/** The turn after the wait, one more where a stop that has grown old is announced anew, and what both of them take. */
const TURNS_MS = 3 * MINUTE;

/** What is known of a worker whose latest stop may have been tried in vain. */
interface Tried {
  readonly probe: ProbeTrace | null;
  readonly refusal: StopRefusal | null;
  /** for when its stop is announced now; null: it is not */
  readonly plannedFor: Date | null;
  readonly policy: IdlePolicy;
}

/**
 * By when the reaper must have tried a stop again that it put off because the live probe really took too long (fleet
 * milliseconds): what it only says of a probe is no excuse. Null where nothing of the kind puts the stop off.
 */
export function triedAgainBy({ probe, refusal, plannedFor, policy }: Tried): number | null {
  if (!probe || probe.endedAt === null || probe.endedAt - probe.begunAt < PROBE_HOLDS_MS) return null;
  if (!refusal || refusal.at.getTime() < probe.endedAt) return null;
  const isSameStop = refusal.plannedFor?.getTime() === plannedFor?.getTime();
  const isAnnouncedAnew = plannedFor !== null && plannedFor > refusal.notBefore;
  if (!isSameStop && !isAnnouncedAnew) return null;
  return refusal.notBefore.getTime() + leastWarningMinutes(policy) * MINUTE + TURNS_MS;
}
