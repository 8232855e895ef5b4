import { type IdleDecision } from './decision';
import { moment } from './words';

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
}

/** Why a probe does not allow the stop. */
export interface Objection {
  /** true: it is in use; false: the probe leaves it open */
  readonly inUse: boolean;
  readonly detail: string;
}

/** What speaks against the decided stop after the probe; null when nothing does. */
export function objectionOf(probe: LiveProbe, { idleSince, policy }: IdleDecision): Objection | null {
  const { runningLabs, runningNodes, newestActivityAt, cpuPercent } = probe;
  const inUse = (detail: string): Objection => ({ inUse: true, detail });
  const open = (detail: string): Objection => ({ inUse: false, detail });
  if (idleSince === null) return open('there is no idle window.');
  if (runningLabs === null) return open('the running labs could not be read.');
  if (runningLabs > 0) return inUse(`${runningLabs} ${runningLabs === 1 ? 'lab runs' : 'labs run'}.`);
  if (runningNodes !== null && runningNodes > 0) {
    return open(`no lab runs, but ${runningNodes} ${runningNodes === 1 ? 'node does' : 'nodes do'}.`);
  }
  if (newestActivityAt && newestActivityAt > idleSince) {
    return inUse(`somebody was active at ${moment(newestActivityAt)}.`);
  }
  if (!policy.requiredSignals.includes('cpu')) return null;
  if (cpuPercent === null) return open('the CPU load could not be read.');
  if (cpuPercent >= policy.cpuIdleBelowPercent) {
    return inUse(`the CPU is at ${cpuPercent} %, and idle below ${policy.cpuIdleBelowPercent} %.`);
  }
  return null;
}
