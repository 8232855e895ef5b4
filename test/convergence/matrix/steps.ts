import { type Bench } from '../bench/bench';
import { anOrder } from '../bench/orders';
import { type Case, type LifeStep } from './case';

const nothing = (): Promise<void> => Promise.resolve();
const create = async (bench: Bench, it: Case): Promise<void> => {
  const order = anOrder(it.name, it.region, { tags: { team: 'blue', course: 'bgp' } });
  await bench.ask({ kind: 'create', order }, it.creation);
};
const wish =
  (kind: 'start' | 'stop' | 'terminate') =>
  async (bench: Bench, { workerId }: Case): Promise<void> => {
    await bench.ask({ kind, workerId });
  };
const stopped = async (bench: Bench, it: Case): Promise<void> => {
  await create(bench, it);
  it.whenRunning = () => wish('stop')(bench, it);
};
const patch =
  (changes: object) =>
  async (bench: Bench, { workerId }: Case): Promise<void> => {
    await bench.ask({ kind: 'patch', workerId, changes });
  };
/** The launch is done, and nobody hears of it. */
const createUnheard = async (bench: Bench, it: Case): Promise<void> => {
  bench.world.faults.add({
    ...{ actions: ['RunInstances'], cut: 'before-answer', applied: true, next: 1 },
    ...it.which(),
  });
  await create(bench, it);
};

export const STEPS: readonly LifeStep[] = [
  {
    ...{ name: 'choose an image', covers: ['prepare-launch'], action: 'DescribeImages' },
    ...{ lost: 'never', scope: 'region', ready: 'at once' },
    ...{ begin: nothing, ask: create, askAgain: wish('start') },
  },
  {
    ...{ name: 'launch', covers: ['launch'], action: 'RunInstances' },
    ...{ lost: 'never', scope: 'worker', ready: 'at once' },
    ...{ begin: nothing, ask: create, askAgain: wish('start') },
  },
  {
    ...{ name: 'launch again', covers: ['launch'], action: 'RunInstances' },
    ...{ lost: 'always', scope: 'region', ready: 'at once', begin: nothing },
    ask: async (bench, it) => {
      // not shown for a while either: the same launch is sent again
      const rule = { actions: ['DescribeInstances'], hideYoungerThanSeconds: 240, forSeconds: 400 };
      bench.world.faults.add({ ...rule, region: it.region });
      await create(bench, it);
    },
    askAgain: wish('start'),
  },
  {
    ...{ name: 'adopt', covers: ['launch'], action: 'DescribeInstances' },
    ...{ lost: 'never', scope: 'region', ready: 'at once' },
    ...{ begin: nothing, ask: createUnheard, askAgain: wish('start') },
  },
  {
    ...{ name: 'look for a launch that is not wanted any more', covers: ['find-launched'] },
    ...{ action: 'DescribeInstances', lost: 'never', scope: 'region', ready: 'at once', begin: nothing },
    ask: async (bench, it) => {
      await createUnheard(bench, it);
      await bench.current.reconcileAtOnce(it.workerId);
      await wish('terminate')(bench, it);
    },
    askAgain: wish('terminate'),
  },
  {
    ...{ name: 'start', covers: ['start'], action: 'StartInstances', lost: 'also', scope: 'worker' },
    ...{ begin: stopped, ready: 'STOPPED', ask: wish('start') },
  },
  {
    ...{ name: 'stop', covers: ['stop'], action: 'StopInstances', lost: 'also', scope: 'worker' },
    ...{ begin: create, ready: 'RUNNING', ask: wish('stop') },
  },
  {
    ...{ name: 'force a stop that hangs', covers: ['force-stop'], action: 'StopInstances' },
    ...{ lost: 'also', scope: 'worker', ready: 'STOPPING' },
    begin: async (bench, it) => {
      await create(bench, it);
      it.whenRunning = async () => {
        const { awsInstanceId } = await it.worker(bench);
        bench.truth.find(awsInstanceId ?? '')?.hangStopping(bench.now);
        await wish('stop')(bench, it);
      };
    },
    ...{ ask: nothing, askAgain: wish('stop') },
  },
  {
    ...{ name: 'terminate', covers: ['terminate'], action: 'TerminateInstances', lost: 'also' },
    ...{ scope: 'worker', begin: create, ready: 'RUNNING', ask: wish('terminate') },
  },
  {
    ...{ name: 'change the type', covers: ['apply-instance-type'], action: 'ModifyInstanceAttribute' },
    ...{ lost: 'also', scope: 'worker', begin: stopped, ready: 'STOPPED' },
    ask: patch({ instanceType: 'c5.4xlarge' }),
  },
  {
    ...{ name: 'tag', covers: ['apply-tags'], action: 'CreateTags', lost: 'also', scope: 'worker' },
    ...{ begin: create, ready: 'RUNNING', ask: patch({ tags: { team: 'red', course: 'ospf' } }) },
  },
  {
    ...{ name: 'take a tag off', covers: ['apply-tags'], action: 'DeleteTags', lost: 'also' },
    ...{ scope: 'worker', begin: create, ready: 'RUNNING', ask: patch({ tags: { team: 'blue' } }) },
  },
  {
    ...{ name: 'import', covers: [], action: 'CreateTags', lost: 'also', scope: 'worker' },
    ...{ ready: 'at once' },
    begin: (bench, it) => {
      const tags = () => ({ Name: it.name, 'cml-fleet:case': it.name });
      const [id = ''] = bench.world.populate(1, { tags, regions: [it.region] });
      it.instanceId = id;
      return Promise.resolve();
    },
    ask: async (bench, it) => {
      try {
        const ask = { kind: 'import', region: it.region, instanceId: it.instanceId } as const;
        await bench.ask(ask, it.creation);
      } catch {
        it.refusedAt = bench.now;
      }
    },
  },
  {
    ...{ name: 'sweep', covers: [], action: 'DescribeInstances', lost: 'never', scope: 'region' },
    ...{ begin: create, ready: 'RUNNING', ask: wish('stop') },
  },
  {
    ...{ name: 'sweep by id', covers: [], action: 'DescribeInstances', lost: 'never', scope: 'region' },
    ...{ begin: create, ready: 'RUNNING' },
    ask: async (bench, it) => {
      const { awsInstanceId } = await it.worker(bench);
      bench.world.console.removeTags(awsInstanceId ?? '');
      bench.stir();
    },
    askAgain: nothing,
  },
  {
    ...{ name: 'ask for the account', covers: [], action: 'GetCallerIdentity', lost: 'never' },
    ...{ scope: 'region', ready: 'at once', begin: nothing, ask: create },
  },
];
