import {
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  StartInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { ManualClock, SECOND } from '../../../kernel/clocks';
import { REGION, type SimulatedFleet, START, startFleet } from '../../testing/simulated-fleet';
import { QueryParams } from '../wire/query-params';
import { type CountedCall, Throttle } from './throttle';

let clock: ManualClock;
let throttle: Throttle;
beforeEach(() => {
  clock = new ManualClock(START);
  throttle = new Throttle(clock, true);
});

const call = (action: string, query = '', more: Partial<CountedCall> = {}): CountedCall => ({
  ...{ service: 'ec2', accountId: '1', region: REGION, action, input: QueryParams.parse(query) },
  ...more,
});

/** How many of these calls come through at once. */
function admitted(action: string, query = '', more: Partial<CountedCall> = {}): number {
  for (let count = 0; count < 2000; count += 1) {
    try {
      throttle.admit(call(action, query, more));
    } catch {
      return count;
    }
  }
  return Infinity;
}

it.each([
  ['DescribeInstances', 'MaxResults=1000', 100, 20],
  ['DescribeInstances', 'Filter.1.Name=tag-key', 100, 20],
  ['DescribeInstances', '', 50, 10],
  ['DescribeInstances', 'InstanceId.1=i-1', 50, 10],
  ['DescribeSubnets', '', 100, 20],
  ['RunInstances', 'MaxCount=1', 5, 2],
  ['StartInstances', 'InstanceId.1=i-1', 5, 2],
  ['StopInstances', 'InstanceId.1=i-1', 50, 5],
  ['TerminateInstances', 'InstanceId.1=i-1', 100, 5],
  ['CreateTags', '', 100, 10],
  ['ModifyInstanceAttribute', '', 50, 5],
])('%s (%s) has %d calls, and %d more a second', (action, query, size, refill) => {
  expect(admitted(action, query)).toBe(size);
  clock.advance(SECOND);
  expect(admitted(action, query)).toBe(refill);
  clock.advance(3600 * SECOND);
  expect(admitted(action, query)).toBe(size);
});

it('counts each account, region and API by itself', () => {
  expect(admitted('StopInstances')).toBe(50);
  expect(admitted('StopInstances', '', { region: 'us-east-1' })).toBe(50);
  expect(admitted('StopInstances', '', { accountId: '2' })).toBe(50);
  expect(admitted('CreateTags')).toBe(100);
});

it('counts the instances on top of the calls', () => {
  expect(admitted('RunInstances', 'MaxCount=300')).toBe(3);
  clock.advance(100 * SECOND);
  expect(admitted('RunInstances', 'MaxCount=300')).toBe(1);
  expect(() => throttle.admit(call('RunInstances', 'MaxCount=1000'))).toThrow('Request limit exceeded.');
});

it('leaves STS alone, and all where it is off', () => {
  expect(admitted('AssumeRole', '', { service: 'sts' })).toBe(Infinity);
  throttle.enabled = false;
  expect(admitted('RunInstances')).toBe(Infinity);
});

describe('over the wire', () => {
  let fleet: SimulatedFleet;
  beforeEach(async () => {
    fleet = await startFleet({ throttling: true });
  });
  afterEach(() => fleet.stop());

  it('a call too many is refused, and admitted when machine time has passed', async () => {
    const start = new StartInstancesCommand({ InstanceIds: ['i-0000000000000000a'] });
    for (let n = 0; n < 5; n += 1) {
      await expect(fleet.ec2().send(start)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    }
    const limited = { name: 'RequestLimitExceeded', $metadata: { httpStatusCode: 503 } };
    await expect(fleet.ec2().send(start)).rejects.toMatchObject(limited);
    await expect(fleet.ec2('us-east-1').send(start)).rejects.not.toMatchObject(limited);
    await expect(fleet.ec2().send(new DescribeSubnetsCommand({}))).resolves.toBeDefined();
    fleet.machine.advance(SECOND);
    await expect(fleet.ec2().send(start)).rejects.not.toMatchObject(limited);
    expect(fleet.world.log.count('StartInstances', 'RequestLimitExceeded')).toBe(1);
  });

  it('is nothing that a call of a thousand notices', async () => {
    const ids = fleet.world.populate(1000, { regions: [REGION], tags: () => ({}) });
    await fleet.ec2().send(new TerminateInstancesCommand({ InstanceIds: [...ids] }));
    await expect(fleet.ec2().send(new DescribeInstancesCommand({}))).resolves.toBeDefined();
  });
});
