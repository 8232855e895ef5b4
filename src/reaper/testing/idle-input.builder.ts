import { MINUTE, plus, SECOND } from '../../kernel/clocks';
import { OPEN_CALENDAR } from '../domain/policy/calendar';
import {
  type IdleDecisionInput,
  type NoticeFact,
  type ObservedUse,
  type WorkerFacts,
} from '../domain/signals/idle-input';
import { idlePolicy } from '../domain/policy/idle-policy';
import { type ObservedSignal, type SignalState } from '../domain/signals/idle-signals';
import { UNLIMITED } from '../domain/policy/stop-budget';

export const NOW = new Date('2027-01-15T12:00:00.000Z');
export const POLICY = idlePolicy({ warningStagesMinutes: [15, 5] }, 60);

export const minutesAgo = (minutes: number): Date => plus(NOW, -minutes * MINUTE);

const SOURCE: Readonly<Record<ObservedSignal, string>> = {
  ec2: 'ec2',
  labs: 'cml-labs',
  cpu: 'cml-system',
  activity: 'cml-activity',
  sessions: 'cml-activity',
};

/** Idle for 75 minutes and read half a minute ago, but for what is stated. */
export function aSignal(signal: ObservedSignal, stated: Partial<SignalState> = {}): SignalState {
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
export function aWorkerFacts(stated: Partial<WorkerFacts> = {}): WorkerFacts {
  return {
    id: '00000000-0000-4000-8000-0000000000aa',
    name: 'lab-1',
    awsRegion: 'us-east-1',
    status: 'RUNNING',
    desiredState: 'RUNNING',
    serviceStatus: 'AVAILABLE',
    snooze: null,
    protection: null,
    plannedStop: null,
    fence: null,
    lastUse: null,
    notices: [],
    runningSince: minutesAgo(600),
    lastActivityAt: minutesAgo(80),
    ...stated,
  };
}

/** Everything idle for 75 minutes with a threshold of 60: due, once it is announced, and people were told. */
export function anIdleInput({
  worker = {},
  signals = {},
  observations = {},
  ...stated
}: Partial<Omit<IdleDecisionInput, 'worker' | 'observations'>> & {
  worker?: Partial<WorkerFacts>;
  signals?: ObservedUse['signals'];
  observations?: Partial<Omit<ObservedUse, 'signals'>>;
} = {}): IdleDecisionInput {
  return {
    decisionId: 'd-1',
    now: NOW,
    policy: POLICY,
    calendar: OPEN_CALENDAR,
    budget: UNLIMITED,
    ...stated,
    worker: aWorkerFacts(worker),
    observations: {
      everSeenActivity: true,
      newestActivityAt: minutesAgo(80),
      lastLabs: { running: 0, at: minutesAgo(0.5) },
      ...observations,
      signals: {
        ec2: aSignal('ec2'),
        labs: aSignal('labs'),
        cpu: aSignal('cpu'),
        activity: aSignal('activity'),
        sessions: aSignal('sessions'),
        ...signals,
      },
    },
  };
}

/** A notice of the stop at `deadline` that reached people as soon as its stage came. */
export function delivered(deadline: Date = NOW, stageMinutes = 15): NoticeFact {
  return { deadline, stageMinutes, state: 'delivered', deliveredAt: plus(deadline, -stageMinutes * MINUTE) };
}

/** Announced for NOW. */
export const ANNOUNCED = { at: NOW, reason: 'idle', cause: 'idle' } as const;

/** Announced for NOW, and people were told a quarter of an hour ago: of an idle worker, due. */
export const WARNED = { plannedStop: ANNOUNCED, notices: [delivered()] } satisfies Partial<WorkerFacts>;
