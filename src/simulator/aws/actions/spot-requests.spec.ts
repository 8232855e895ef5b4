import {
  CancelSpotInstanceRequestsCommand,
  DescribeSpotInstanceRequestsCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { type SimulatedFleet, startFleet } from '../../testing/simulated-fleet';

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet();
});
afterEach(() => fleet.stop());

async function launch(kind: 'one-time' | 'persistent', onInterruption: 'stop' | 'terminate') {
  const id = await fleet.launch('w', {
    InstanceMarketOptions: {
      MarketType: 'spot',
      SpotOptions: { SpotInstanceType: kind, InstanceInterruptionBehavior: onInterruption },
    },
  });
  fleet.seconds(70);
  return id;
}

async function request() {
  fleet.seconds(2);
  const answer = await fleet.ec2().send(new DescribeSpotInstanceRequestsCommand({}));
  const [{ State, Status } = {}] = answer.SpotInstanceRequests ?? [];
  return `${State} ${Status?.Code}`;
}

const stop = (id: string) => fleet.ec2().send(new StopInstancesCommand({ InstanceIds: [id] }));
const start = (id: string) => fleet.ec2().send(new StartInstancesCommand({ InstanceIds: [id] }));

it('an instance shows that it is of a request', async () => {
  const id = await launch('one-time', 'terminate');
  const [instance] = await fleet.describe({ Filters: [{ Name: 'instance-lifecycle', Values: ['spot'] }] });
  expect(instance).toMatchObject({ InstanceId: id, InstanceLifecycle: 'spot' });
  const answer = await fleet.ec2().send(new DescribeSpotInstanceRequestsCommand({}));
  expect(answer.SpotInstanceRequests).toMatchObject([
    {
      SpotInstanceRequestId: instance?.SpotInstanceRequestId,
      InstanceId: id,
      Type: 'one-time',
      State: 'active',
      Status: { Code: 'fulfilled' },
    },
  ]);
});

it.each([
  ['persistent', 'stop', 'stopped', 'Server.SpotInstanceShutdown', 'open instance-stopped-by-price'],
  [
    'one-time',
    'terminate',
    'terminated',
    'Server.SpotInstanceTermination',
    'closed instance-terminated-by-price',
  ],
  [
    'persistent',
    'terminate',
    'terminated',
    'Server.SpotInstanceTermination',
    'open instance-terminated-by-price',
  ],
] as const)('a %s one is told to %s two minutes before', async (kind, behaviour, state, reason, after) => {
  const id = await launch(kind, behaviour);
  fleet.world.console.interruptSpot(id);
  expect(await request()).toBe(`active marked-for-${behaviour === 'stop' ? 'stop' : 'termination'}`);
  fleet.seconds(119);
  expect(await fleet.stateOf(id)).toBe('running');
  fleet.seconds(40);
  expect(await fleet.describe({ InstanceIds: [id] })).toMatchObject([
    { State: { Name: state }, StateReason: { Code: reason } },
  ]);
  expect(await request()).toBe(after);
});

it('one that was interrupted is started by AWS only', async () => {
  const id = await launch('persistent', 'stop');
  fleet.world.console.interruptSpot(id);
  fleet.seconds(180);
  await expect(start(id)).rejects.toMatchObject({ name: 'IncorrectSpotRequestState' });
  fleet.world.console.resumeSpot(id);
  expect(await request()).toBe('active fulfilled');
  fleet.seconds(60);
  expect(await fleet.stateOf(id)).toBe('running');
});

it('a persistent one is stopped and started by its user', async () => {
  const id = await launch('persistent', 'stop');
  await stop(id);
  fleet.seconds(40);
  expect(await request()).toBe('disabled instance-stopped-by-user');
  await start(id);
  expect(await request()).toBe('active fulfilled');
});

it('a one-time one can only be terminated, and so can one whose request is cancelled', async () => {
  const once = await launch('one-time', 'terminate');
  await expect(stop(once)).rejects.toMatchObject({ name: 'UnsupportedOperation' });
  await fleet.ec2().send(new TerminateInstancesCommand({ InstanceIds: [once] }));
  expect(await request()).toBe('closed instance-terminated-by-user');

  const lasting = await launch('persistent', 'stop');
  const [instance] = await fleet.describe({ InstanceIds: [lasting] });
  const ids = [instance?.SpotInstanceRequestId ?? ''];
  await fleet.ec2().send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: ids }));
  await expect(stop(lasting)).rejects.toMatchObject({ name: 'UnsupportedOperation' });
});

it('a user who stops in the last two minutes is not interrupted any more', async () => {
  const id = await launch('persistent', 'terminate');
  fleet.world.console.interruptSpot(id);
  fleet.seconds(110);
  await stop(id);
  fleet.seconds(20);
  expect(await request()).toBe('active marked-for-termination');
  fleet.seconds(20);
  expect(await request()).toBe('disabled instance-stopped-by-user');
});

describe('a persistent request whose instance is terminated', () => {
  const terminate = (id: string) => fleet.ec2().send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  const living = async () => {
    fleet.seconds(2);
    const states = { Name: 'instance-state-name', Values: ['pending', 'running'] };
    return (await fleet.describe({ Filters: [states] })).map(({ InstanceId }) => InstanceId);
  };

  it('brings another one', async () => {
    const id = await launch('persistent', 'stop');
    await terminate(id);
    fleet.seconds(31);
    const [another, ...more] = await living();
    expect(more).toEqual([]);
    expect(another).not.toBe(id);
    expect(await request()).toBe('active fulfilled');
  });

  it.each(['before', 'after'] as const)('brings none when it is cancelled %s that', async (when) => {
    const id = await launch('persistent', 'stop');
    const { SpotInstanceRequests = [] } = await fleet.ec2().send(new DescribeSpotInstanceRequestsCommand({}));
    const ids = SpotInstanceRequests.map(({ SpotInstanceRequestId = '' }) => SpotInstanceRequestId);
    const cancel = () =>
      fleet.ec2().send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: ids }));
    if (when === 'before') await cancel();
    await terminate(id);
    if (when === 'after') await cancel();
    fleet.seconds(60);
    expect(await living()).toEqual([]);
  });
});
