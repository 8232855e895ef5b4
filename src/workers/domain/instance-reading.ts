import { MINUTE, plus } from '../../kernel/clocks';
import { type InstanceHealth, type SpotInterruption } from './instance-health';
import { type Market } from './launch-settings';
import { type WorkerState } from './worker-state';
import { CONSISTENT_WITH_ANSWER, type CMLWorkerStatus } from './worker-status';

/** What EC2 says about one instance. Null is what EC2 did not say. */
export interface InstanceReading {
  readonly instanceId: string;
  readonly status: CMLWorkerStatus;
  readonly accountId: string | null;
  readonly instanceType: string | null;
  readonly amiId: string | null;
  readonly publicIp: string | null;
  readonly privateIp: string | null;
  readonly launchedAt: Date | null;
  /** EC2's StateReason: why it stopped, or never ran */
  readonly stateReason: { readonly code: string; readonly message: string } | null;
  readonly clientToken: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly market: Market | null;
  /** null where EC2 was not asked, or did not answer */
  readonly health: InstanceHealth | null;
  /** AWS takes the spot instance back; null where it does not, and where it was not asked */
  readonly interruption: SpotInterruption | null;
}

/** One instance as a sweep saw it; `begunAt` (fleet time) is when the call to EC2 was begun. What is left out was not asked. */
export type SweptReading = Pick<InstanceReading, 'status' | 'publicIp' | 'privateIp' | 'stateReason'> &
  Partial<Pick<InstanceReading, 'instanceType' | 'tags' | 'health' | 'interruption'>> & {
    readonly begunAt: Date;
  };

/** How long EC2's own answer to a call outweighs a reading that says otherwise: its read side lags behind. */
export const ANSWER_OUTWEIGHS_MS = MINUTE;

/** How long after the wish for an automatic stop a reading of RUNNING proves that the stop was never sent. */
export const STOP_LAPSES_MS = 2 * MINUTE;

/**
 * Whether a reading may be believed: one that was begun before EC2 answered our latest call, or that contradicts that
 * answer within a minute of it, shows the past. So does one that contradicts what was recorded after it was begun.
 */
export function isCredible(state: WorkerState, reading: { status: CMLWorkerStatus; begunAt: Date }): boolean {
  const { answered, status, statusAt } = state;
  if (reading.status !== status && reading.begunAt < statusAt) return false;
  if (!answered) return true;
  if (reading.begunAt < answered.at) return false;
  const young = reading.begunAt < plus(answered.at, ANSWER_OUTWEIGHS_MS);
  return !young || CONSISTENT_WITH_ANSWER[answered.status].includes(reading.status);
}

/**
 * Whether a reading of RUNNING shows that an automatic stop was never sent: it was wanted so long ago that EC2
 * would show it by now. It is then taken back, since the probe that allowed it says nothing about today.
 */
export function provesStopLapsed(
  state: WorkerState,
  reading: { status: CMLWorkerStatus; begunAt: Date },
): boolean {
  const { desired, convergedAt } = state;
  return (
    desired.state === 'STOPPED' &&
    convergedAt === null &&
    desired.sendBefore !== null &&
    reading.status === 'RUNNING' &&
    reading.begunAt > plus(desired.at, STOP_LAPSES_MS)
  );
}
