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
  /** the newest last */
  readonly probes: readonly ProbeTrace[];
  readonly refusal: StopRefusal | null;
  /** for when its stop is announced now; null: it is not */
  readonly plannedFor: Date | null;
  readonly policy: IdlePolicy;
}

/**
 * By when the reaper must have tried a stop again that it put off because the live probe really took too long (fleet
 * milliseconds): what it only says of a probe is no excuse. Null where nothing of the kind puts the stop off.
 */
export function triedAgainBy({ probes, refusal, plannedFor, policy }: Tried): number | null {
  if (!refusal || !tookTooLong(probes, refusal)) return null;
  const isSameStop = refusal.plannedFor?.getTime() === plannedFor?.getTime();
  const isAnnouncedAnew = plannedFor !== null && plannedFor > refusal.notBefore;
  if (!isSameStop && !isAnnouncedAnew) return null;
  return refusal.notBefore.getTime() + leastWarningMinutes(policy) * MINUTE + TURNS_MS;
}

/** Of the probe that came before the refusal: the next one may be under way. */
function tookTooLong(probes: readonly ProbeTrace[], { at }: StopRefusal): boolean {
  return probes.reduce(
    (found, { begunAt, endedAt }) =>
      endedAt !== null && endedAt <= at.getTime() ? endedAt - begunAt >= PROBE_HOLDS_MS : found,
    false,
  );
}
