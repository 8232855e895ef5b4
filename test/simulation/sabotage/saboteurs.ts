import { type Harm } from '../judge/harms';
import { type SimTime } from '../world/sim-time';
import {
  BlindFaith,
  deserted,
  fresh,
  LooseControls,
  OtherPolicies,
  OtherSigns,
  quiet,
  withoutCalendar,
} from './parts';
import { type Sabotage } from './sabotage';

export interface Saboteur {
  /** the guard that is taken out */
  readonly without: string;
  readonly by: (time: SimTime) => Sabotage;
  /** what it leads to, and a seed whose run finds it */
  readonly leadsTo: Harm;
  readonly seed: number;
}

/**
 * Guards stand behind each other, so some are taken out together with the one behind them, which would catch it: the live
 * probe most of all. The seeds were looked for, by `--sabotage`.
 *
 * The second reading is not among them: a window is longer than what a single slip may last, and the probe reads once more.
 * Random policies leave it out now and then, and of those no harm is known.
 */
export const SABOTEURS: readonly Saboteur[] = [
  {
    without: 'a limit to the age of readings, and the probe',
    by: ({ fleet, machine }) => ({
      signs: (signs) =>
        new OtherSigns(
          signs,
          fresh,
          (asked) => quiet(asked, machine.now()),
          () => fleet.now(),
        ),
    }),
    leadsTo: 'a worker with running labs was stopped',
    seed: 42,
  },
  {
    without: 'what the live probe says',
    by: ({ fleet, machine }) => ({
      signs: (signs) =>
        new OtherSigns(
          signs,
          (use) => use,
          (asked) => quiet(asked, machine.now()),
          () => fleet.now(),
        ),
    }),
    leadsTo: 'a worker was stopped on which somebody had been active',
    seed: 6,
  },
  {
    without: 'what people do, beside labs',
    by: ({ fleet }) => ({
      signs: (signs) =>
        new OtherSigns(
          signs,
          deserted,
          async (asked) => ({ ...(await asked()), newestActivityAt: null }),
          () => fleet.now(),
        ),
    }),
    leadsTo: 'a worker was stopped on which somebody had been active',
    seed: 6,
  },
  {
    without: 'the wait for a notice to be delivered',
    by: () => ({ notices: (notices) => new BlindFaith(notices) }),
    leadsTo: 'a worker was stopped without a delivered notice',
    seed: 29,
  },
  {
    without: 'the fence, and the question who was faster',
    by: () => ({
      handlers: (handlers) => ({
        ...handlers,
        FenceWorker: { execute: () => Promise.resolve() },
        StopWorker: {
          execute: ((command: { options: object }) => {
            const options = { ...command.options, expectedRevision: null, expectedUse: undefined };
            return handlers['StopWorker']?.execute({ ...command, options } as never);
          }) as never,
        },
      }),
    }),
    leadsTo: 'a worker was stopped on which somebody had been active',
    seed: 49,
  },
  {
    without: 'budgets',
    by: () => ({ controls: (controls) => new LooseControls(controls, (state) => ({ ...state, takes: [] })) }),
    leadsTo: 'more was stopped than a budget allows',
    seed: 2,
  },
  {
    without: 'the window of a budget, which is counted by the turn',
    by: () => ({
      policies: (policies) =>
        new OtherPolicies(
          policies,
          (policy) => policy,
          (budget) => ({ ...budget, windowMinutes: 1 }),
        ),
    }),
    leadsTo: 'more was stopped than a budget allows',
    seed: 2,
  },
  {
    without: 'the pause',
    by: () => ({
      controls: (controls) => new LooseControls(controls, (state) => ({ ...state, paused: null })),
    }),
    leadsTo: 'a worker was stopped although all stops were held',
    seed: 56,
  },
  {
    without: 'the calendar',
    by: () => ({ policies: (policies) => new OtherPolicies(policies, withoutCalendar) }),
    leadsTo: 'a worker was stopped at a time that its calendar forbids',
    seed: 1,
  },
  {
    without: 'the time until which a stop may be sent',
    by: () => ({
      compute: (compute) =>
        Object.assign(Object.create(compute) as typeof compute, {
          stop: (region: string, id: string) => compute.stop(region, id, { sendBefore: null, force: false }),
        }),
    }),
    leadsTo: 'a worker was stopped without a fresh probe',
    seed: 64,
  },
  {
    without: 'a look at the nodes that run beside the labs that are listed',
    by: () => ({ blindToNodes: true }),
    leadsTo: 'a worker with running labs was stopped',
    seed: 50,
  },
];
