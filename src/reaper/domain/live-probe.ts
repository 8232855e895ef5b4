import { plus } from '../../kernel/clocks';
import { type IdleDecision } from './decision/decision';
import { RECENT_MS } from './signals/signal-finding';
import { moment } from './trace/words';

/** What a worker's CML server said when it was asked right before a stop. Null is what it did not say. */
export interface LiveProbe {
  /** machine time at which the probe was begun */
  readonly at: Date;
  readonly runningLabs: number | null;
  /** of whatever lab, also of one that is not listed */
  readonly runningNodes: number | null;
  /** fleet time of the newest thing that a person did, or was found to have done; null also where nobody ever did anything */
  readonly newestActivityAt: Date | null;
  /** percent of the whole host, 0–100 */
  readonly cpuPercent: number | null;
  /** why it did not say all that it was asked; null where it did */
  readonly failure: string | null;
}

/** Why a probe does not allow the stop. */
export interface Objection {
  /** true: it is in use; false: the probe leaves it open */
  readonly inUse: boolean;
  readonly detail: string;
}

/**
 * What speaks against the decided stop after the probe; null when nothing does. What it did not say speaks against a stop of
 * an idle worker; the maximum uptime is there for those that say nothing, and ends no worker that shows any use.
 */
export function objectionOf(probe: LiveProbe, decision: IdleDecision): Objection | null {
  return useIn(probe, decision) ?? (decision.cause === 'max-uptime' ? null : gapIn(probe, decision));
}

function useIn(probe: LiveProbe, decision: IdleDecision): Objection | null {
  const { runningLabs, runningNodes, newestActivityAt, cpuPercent } = probe;
  const { requiredSignals, cpuIdleBelowPercent } = decision.policy;
  const inUse = (detail: string): Objection => ({ inUse: true, detail });
  if (runningLabs !== null && runningLabs > 0) {
    return inUse(`${runningLabs} ${runningLabs === 1 ? 'lab runs' : 'labs run'}.`);
  }
  if (runningNodes !== null && runningNodes > 0) {
    const nodes = `${runningNodes} ${runningNodes === 1 ? 'node does' : 'nodes do'}`;
    const labs = runningLabs === null ? 'no lab is known to run' : 'no lab runs';
    // of an idle worker its other signs tell more; the maximum uptime would come to the same end again and again
    return { inUse: decision.cause === 'max-uptime', detail: `${labs}, but ${nodes}.` };
  }
  if (newestActivityAt && newestActivityAt > quietSince(decision)) {
    return inUse(`somebody was active at ${moment(newestActivityAt)}.`);
  }
  if (cpuPercent !== null && requiredSignals.includes('cpu') && cpuPercent >= cpuIdleBelowPercent) {
    return inUse(`the CPU is at ${cpuPercent} %, and idle below ${cpuIdleBelowPercent} %.`);
  }
  return null;
}

/** Nobody may have been active since. */
function quietSince({ cause, idleSince, at }: IdleDecision): Date {
  return cause === 'max-uptime' || !idleSince ? plus(at, -RECENT_MS) : idleSince;
}

function gapIn({ runningLabs, cpuPercent, failure }: LiveProbe, decision: IdleDecision): Objection | null {
  const open = (detail: string): Objection => ({ inUse: false, detail });
  if (decision.idleSince === null) return open('there is no idle window.');
  if (runningLabs === null) return open('the running labs could not be read.');
  if (cpuPercent === null && decision.policy.requiredSignals.includes('cpu')) {
    return open('the CPU load could not be read.');
  }
  if (failure !== null) return open(`not everything could be read: ${failure}`);
  return null;
}
