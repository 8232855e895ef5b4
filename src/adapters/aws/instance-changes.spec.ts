import { REGION } from '../../simulator/testing/simulated-fleet';
import { type ComputeError } from '../../workers';
import { Ec2Bench } from '../../../test/support/ec2-bench';

const UNKNOWN_INSTANCE = 'i-0123456789abcdef0';
const NOT_FORCED = { sendBefore: null, force: false };

let bench: Ec2Bench;
let fleet: Ec2Bench['fleet'];
let compute: Ec2Bench['compute'];

beforeEach(async () => {
  bench = await Ec2Bench.start();
  ({ fleet, compute } = bench);
});
afterEach(() => bench.stop());

/** Calls of the preparation, which count for nothing. */
let before = 0;

async function running(count: number): Promise<string[]> {
  const ids = await Promise.all(Array.from({ length: count }, (_, n) => fleet.launch(`w${n}`)));
  fleet.minutes(10);
  before = fleet.world.calls.length;
  return ids;
}

const calls = () => fleet.world.calls.slice(before);
const callsOf = (action: string) => calls().filter((call) => call.action === action);
/** Each one's answer, or its failure. */
const outcomes = async (asked: readonly Promise<string>[]) =>
  (await Promise.allSettled(asked)).map((each) =>
    each.status === 'fulfilled' ? each.value : (each.reason as ComputeError).failure,
  );

describe('a hundred workers at once', () => {
  it('are stopped, started and terminated by five calls', async () => {
    const ids = await running(100);

    const stopped = await outcomes(ids.map((id) => compute.stop(REGION, id, NOT_FORCED)));
    fleet.minutes(20);
    const started = await outcomes(ids.map((id) => compute.start(REGION, id)));
    fleet.minutes(20);
    const terminated = await outcomes(ids.map((id) => compute.terminate(REGION, id)));

    expect([new Set(stopped), new Set(started), new Set(terminated)]).toEqual([
      new Set(['STOPPING']),
      new Set(['PENDING']),
      new Set(['SHUTTING_DOWN']),
    ]);
    expect(calls().map(({ action }) => action)).toEqual([
      'StopInstances',
      'StopInstances',
      'StartInstances',
      'StartInstances',
      'TerminateInstances',
    ]);
  });
});

it('each gets his own where some are not there, or not in a state for it', async () => {
  const ids = await running(4);
  await compute.terminate(REGION, ids[3] ?? '');
  fleet.minutes(10);

  const asked = [...ids, UNKNOWN_INSTANCE].map((id) => compute.stop(REGION, id, NOT_FORCED));

  expect(await outcomes(asked)).toEqual(['STOPPING', 'STOPPING', 'STOPPING', 'wrong-state', 'not-found']);
  expect(callsOf('StopInstances')).toHaveLength(3);
});

it('is unclear to all where the answer is lost, and a repetition tells', async () => {
  const ids = await running(3);
  fleet.world.failNext({ action: 'StartInstances', applied: true, cut: true });

  expect(await outcomes(ids.map((id) => compute.start(REGION, id)))).toEqual([
    'unclear',
    'unclear',
    'unclear',
  ]);
  expect(callsOf('StartInstances')).toHaveLength(1);
  expect(await outcomes(ids.map((id) => compute.start(REGION, id)))).toEqual([
    'RUNNING',
    'RUNNING',
    'RUNNING',
  ]);
});

it('halves a batch that fails for lack of capacity, so that those start for whom there is some', async () => {
  const ids = await running(4);
  await outcomes(ids.map((id) => compute.stop(REGION, id, NOT_FORCED)));
  fleet.minutes(20);
  const none = { applied: false, code: 'InsufficientInstanceCapacity', httpStatus: 500 };
  for (let count = 0; count < 2; count += 1) fleet.world.failNext({ action: 'StartInstances', ...none });

  const started = await outcomes(ids.map((id) => compute.start(REGION, id)));

  expect(started.sort()).toEqual(['PENDING', 'PENDING', 'PENDING', 'PENDING']);
  expect(callsOf('StartInstances').length).toBeGreaterThan(2);
});

it('forces apart from those that are not forced', async () => {
  const [one = '', two = ''] = await running(2);

  await Promise.all([
    compute.stop(REGION, one, NOT_FORCED),
    compute.stop(REGION, two, { sendBefore: null, force: true }),
  ]);

  const forced = callsOf('StopInstances').map(({ params }) => [params['Force'], params['InstanceId.1']]);
  expect(forced).toEqual([
    [undefined, one],
    ['true', two],
  ]);
});
