import { type CMLWorkerStatus, type DesiredState } from './worker-status';

/** What the reconciler does next for a worker so that it comes closer to what is wanted. */
export type NextAction =
  /** nothing to do */
  | 'none'
  /** wait for EC2, for a back-off or for a deadline; the next tick looks again */
  | 'wait'
  /** resolve the image, make the request and store it; then `launch` */
  | 'prepare-launch'
  /** send the stored request; if it was sent before, look for its instance first */
  | 'launch'
  /** nothing was ever launched and nothing is wanted any more: the worker ends */
  | 'end'
  /** nobody wants the instance any more, but one may exist: look for it by its client token */
  | 'find-launched'
  | 'apply-instance-type'
  | 'apply-tags'
  | 'start'
  | 'stop'
  /** a stop that hangs: without waiting for the operating system */
  | 'force-stop'
  | 'terminate';

/** Where a worker stands: the status of its instance, or how far it came towards having one. */
export type Standing = 'NOT_LAUNCHED' | 'LAUNCH_SENT' | CMLWorkerStatus;

/** What must be so for a step to be taken; each is a function in next-action.ts. */
export const GUARDS = {
  fulfilledBefore: 'it was so once, and was changed outside: a sweep decides what follows',
  otherType: 'another instance type is wanted than the instance has',
  otherTags: 'other tags are wanted than were put on the instance',
  stopMustWait: 'labs run, or may run, or the stop is another process’ to send',
  stopOverdue: 'the stop takes longer than it should, and the policy is to force it',
  labsNotStopped:
    'its labs are stopped in order and their topologies kept first, for 10 minutes at most, and 2 where CML could not be used',
  notPrepared: 'topologies of its labs are kept and its licence is given back first, for 30 minutes at most',
} as const;
export type Guard = keyof typeof GUARDS;

/** The first step whose guard holds is taken; the last of a list has none. */
export type Step = NextAction | { readonly if: Guard; readonly then: NextAction };

const WAIT = ['wait'] as const;
const WAIT_FOR_STOP = [{ if: 'stopOverdue', then: 'force-stop' }, 'wait'] as const;
const TERMINATE = ['terminate'] as const;
const WAIT_TO_BE_PREPARED = [{ if: 'notPrepared', then: 'wait' }, 'terminate'] as const;
const NOTHING = ['none'] as const;

/**
 * The whole reconciler: what is wanted, where the worker stands, and what is done about it. Level-triggered: the table
 * needs nothing but the present state. `docs/state-machine.md` is drawn from it.
 */
export const STATE_MACHINE: Readonly<Record<DesiredState, Readonly<Record<Standing, readonly Step[]>>>> = {
  RUNNING: {
    NOT_LAUNCHED: ['prepare-launch'],
    LAUNCH_SENT: ['launch'],
    PENDING: WAIT,
    RUNNING: [{ if: 'otherTags', then: 'apply-tags' }, 'none'],
    STOPPING: WAIT_FOR_STOP,
    STOPPED: [
      { if: 'fulfilledBefore', then: 'none' },
      { if: 'otherType', then: 'apply-instance-type' },
      'start',
    ],
    SHUTTING_DOWN: WAIT,
    UNKNOWN: WAIT,
    TERMINATED: NOTHING,
  },
  STOPPED: {
    NOT_LAUNCHED: NOTHING,
    LAUNCH_SENT: ['find-launched'],
    PENDING: WAIT,
    RUNNING: [
      { if: 'fulfilledBefore', then: 'none' },
      { if: 'stopMustWait', then: 'wait' },
      { if: 'labsNotStopped', then: 'wait' },
      'stop',
    ],
    STOPPING: WAIT_FOR_STOP,
    STOPPED: [
      { if: 'otherType', then: 'apply-instance-type' },
      { if: 'otherTags', then: 'apply-tags' },
      'none',
    ],
    SHUTTING_DOWN: WAIT,
    UNKNOWN: WAIT,
    TERMINATED: NOTHING,
  },
  TERMINATED: {
    NOT_LAUNCHED: ['end'],
    LAUNCH_SENT: ['find-launched'],
    PENDING: WAIT_TO_BE_PREPARED,
    RUNNING: WAIT_TO_BE_PREPARED,
    STOPPING: TERMINATE,
    STOPPED: TERMINATE,
    SHUTTING_DOWN: WAIT,
    UNKNOWN: TERMINATE,
    TERMINATED: NOTHING,
  },
};

/** Where an action leads when AWS does what it is asked; null: it stays where it is, or is told by a later sweep. */
export const LEADS_TO: Readonly<Record<NextAction, Standing | null>> = {
  none: null,
  wait: null,
  'prepare-launch': 'LAUNCH_SENT',
  launch: 'PENDING',
  'find-launched': 'PENDING',
  end: 'TERMINATED',
  'apply-instance-type': null,
  'apply-tags': null,
  start: 'PENDING',
  stop: 'STOPPING',
  'force-stop': 'STOPPED',
  terminate: 'SHUTTING_DOWN',
};

/** What EC2 does by itself, and the sweeps see. */
export const EC2_GOES_ON: Partial<Record<Standing, Standing>> = {
  PENDING: 'RUNNING',
  STOPPING: 'STOPPED',
  SHUTTING_DOWN: 'TERMINATED',
};
