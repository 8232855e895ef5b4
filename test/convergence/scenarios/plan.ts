import { seededRandom } from '../../../src/simulator/seeded-random';
import { type FaultRuleInput } from '../../../src/simulator/faults/fault-rule';
import { type DriftPolicy } from '../../../src/workers/domain/worker-state';
import { FAULTS } from '../matrix/faults';
import { type Doom } from '../bench/mortal';

/** One thing that happens; `worker` and `stranger` are numbers of the plan. */
export type Act =
  | { readonly do: 'create'; readonly worker: number }
  | { readonly do: 'start' | 'stop' | 'terminate' | 'release'; readonly worker: number }
  | { readonly do: 'retag'; readonly worker: number; readonly tags: Readonly<Record<string, string>> }
  | { readonly do: 'retype'; readonly worker: number; readonly type: string }
  | { readonly do: 'import'; readonly stranger: number }
  /** in AWS, past the fleet manager */
  | { readonly do: 'console'; readonly what: ConsoleAct; readonly worker: number }
  | { readonly do: 'fault'; readonly rule: FaultRuleInput }
  /** AWS is well again, for the time being */
  | { readonly do: 'mend' }
  | { readonly do: 'doom'; readonly doom: Doom }
  /** processes that stood still go on */
  | { readonly do: 'resume' };

export type ConsoleAct = 'stop' | 'start' | 'terminate' | 'change the type' | 'remove the tags';

export interface PlannedWorker {
  readonly region: string;
  readonly instanceTypes: readonly string[];
  readonly subnetIds: readonly string[];
}

export interface Plan {
  readonly seed: number;
  readonly regions: readonly string[];
  readonly driftPolicy: DriftPolicy;
  readonly workers: readonly PlannedWorker[];
  /** how many instances are there that nobody manages */
  readonly strangers: number;
  /** the longest that a call to AWS takes, fleet milliseconds */
  readonly latencyMs: number;
  /** in the order of their time, fleet minutes from the beginning */
  readonly acts: readonly { readonly minute: number; readonly act: Act }[];
}

const TYPES = ['c5.2xlarge', 'c5.4xlarge', 'm5.2xlarge'];
const ACTIONS = [
  ...['RunInstances', 'StartInstances', 'StopInstances', 'TerminateInstances', 'CreateTags', 'DeleteTags'],
  ...['ModifyInstanceAttribute', 'DescribeInstances', 'DescribeImages', 'GetCallerIdentity', '*'],
];
/** What takes machine time is left to the matrix; older reads than these are none of EC2's. */
const RULES = FAULTS.filter(({ typical, company }) => typical && company !== 'slow').map(
  ({ rule, actions }) => ({
    actions,
    rule: rule.lagSeconds === undefined ? rule : { ...rule, lagSeconds: 50 },
  }),
);
const MINUTES = 90;

/** The same plan for the same seed, on every machine. */
export function planOf(seed: number): Plan {
  const random = seededRandom(seed * 7919 + 1);
  const dice = new Dice(random);
  const regions = ['eu-west-1', 'us-east-1'].slice(0, dice.from(1, 2));
  const workers = Array.from({ length: dice.from(1, 5) }, () => ({
    region: dice.one(regions),
    instanceTypes: TYPES.slice(0, dice.from(1, 3)),
    subnetIds: ['subnet-1', 'subnet-2'].slice(0, dice.from(0, 2)),
  }));
  const strangers = dice.from(0, 2);
  const acts = [
    ...workers.map((_, worker): Act => ({ do: 'create', worker })),
    ...Array.from({ length: dice.from(8, 30) }, () => anAct(dice, workers.length, strangers)),
  ].map((act) => ({ minute: Math.round(dice.share() * MINUTES * 10) / 10, act }));
  return {
    ...{ seed, regions, workers, strangers },
    driftPolicy: dice.share() < 0.8 ? 'follow' : 'enforce',
    latencyMs: dice.one([0, 0, 500, 4_000]),
    acts: acts.map((planned) => early(planned, dice)).sort((a, b) => a.minute - b.minute),
  };
}

/** Workers are created near the beginning, so that there is something to act on. */
function early<T extends { minute: number; act: Act }>(planned: T, dice: Dice): T {
  return planned.act.do === 'create' ? { ...planned, minute: dice.from(0, 20) } : planned;
}

function anAct(dice: Dice, workers: number, strangers: number): Act {
  const worker = dice.from(0, workers - 1);
  const kind = dice.share();
  if (kind < 0.3) return { do: dice.one(['start', 'stop', 'stop', 'start', 'terminate'] as const), worker };
  if (kind < 0.33) return { do: 'release', worker };
  if (kind < 0.38) return { do: 'retag', worker, tags: { course: dice.one(['bgp', 'ospf']) } };
  if (kind < 0.41) return { do: 'retag', worker, tags: {} };
  if (kind < 0.45) return { do: 'retype', worker, type: dice.one(TYPES) };
  if (kind < 0.5 && strangers > 0) return { do: 'import', stranger: dice.from(0, strangers - 1) };
  if (kind < 0.57) return { do: 'console', what: consoleAct(dice), worker };
  if (kind < 0.75) return { do: 'fault', rule: aRule(dice) };
  if (kind < 0.78) return { do: 'mend' };
  if (kind < 0.83) return { do: 'resume' };
  const where = dice.share() < 0.5 ? { call: dice.from(1, 40) } : { call: dice.from(1, 3), of: 'EC2.' };
  const doom = { ...where, when: dice.one(['before', 'after'] as const) };
  return { do: 'doom', doom: { ...doom, what: dice.share() < 0.6 ? 'dies' : 'stands still' } };
}

function consoleAct(dice: Dice): ConsoleAct {
  return dice.one(['stop', 'start', 'terminate', 'change the type', 'remove the tags'] as const);
}

function aRule(dice: Dice): FaultRuleInput {
  const { rule, actions } = dice.one(RULES);
  const when = dice.one<FaultRuleInput>([
    { next: dice.from(1, 6) },
    { forSeconds: 60 * dice.from(1, 90) },
    { forSeconds: 60 * dice.from(5, 90), probability: 0.5 },
  ]);
  return { ...rule, actions: [...(actions ?? [dice.one(ACTIONS)])], ...when };
}

class Dice {
  constructor(readonly share: () => number) {}

  /** a whole number, both ends included */
  from(least: number, most: number): number {
    return least + Math.floor(this.share() * (most - least + 1));
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.from(0, choices.length - 1)] as T;
  }
}
