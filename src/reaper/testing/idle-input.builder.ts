import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import {
  type IdleDecisionInput,
  type IdleSignal,
  type SignalState,
  type WorkerFacts,
} from '../domain/idle-input';
import { idlePolicy } from '../domain/idle-policy';

export const NOW = new Date('2027-01-15T12:00:00.000Z');
export const POLICY = idlePolicy({ warningStagesMinutes: [15, 5] }, 60);

export const minutesAgo = (minutes: number): Date => plus(NOW, -minutes * MINUTE);

const SOURCE: Readonly<Record<IdleSignal, string>> = {
  ec2: 'ec2',
  labs: 'cml-labs',
  cpu: 'cml-system',
  activity: 'cml-activity',
  sessions: 'cml-activity',
};

/** Idle for 75 minutes and read half a minute ago, but for what is stated. */
export function aSignal(signal: IdleSignal, stated: Partial<SignalState> = {}): SignalState {
  const readAt = plus(NOW, -30 * SECOND);
  return {
    value: 'idle',
    from: minutesAgo(75),
    to: readAt,
    readings: 75,
    source: SOURCE[signal],
    observedAt: readAt,
    ...stated,
  };
}

/** A running worker, unused for 75 minutes, without an announced stop, but for what is stated. */
function aWorkerFacts(stated: Partial<WorkerFacts> = {}): WorkerFacts {
  return {
    id: '00000000-0000-4000-8000-0000000000aa',
    name: 'lab-1',
    status: 'RUNNING',
    desiredState: 'RUNNING',
    serviceStatus: 'AVAILABLE',
    snooze: null,
    protection: null,
    plannedStop: null,
    runningSince: minutesAgo(600),
    lastActivityAt: minutesAgo(80),
    ...stated,
  };
}

/** Everything idle for 75 minutes with a threshold of 60: due, once it is announced. */
export function anIdleInput({
  worker = {},
  signals = {},
  ...stated
}: Partial<Omit<IdleDecisionInput, 'worker' | 'signals'>> & {
  worker?: Partial<WorkerFacts>;
  signals?: IdleDecisionInput['signals'];
} = {}): IdleDecisionInput {
  return {
    decisionId: 'd-1',
    now: NOW,
    policy: POLICY,
    everSeenActivity: true,
    ...stated,
    worker: aWorkerFacts(worker),
    signals: {
      ec2: aSignal('ec2'),
      labs: aSignal('labs'),
      cpu: aSignal('cpu'),
      activity: aSignal('activity'),
      sessions: aSignal('sessions'),
      ...signals,
    },
  };
}

export const ANNOUNCED = { at: NOW, reason: 'idle' };
