import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  paginateDescribeInstances,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { REGION, type SimulatedFleet, startFleet } from '../testing/simulated-fleet';

const pauses: number[] = [];
let fleet: SimulatedFleet;
beforeEach(async () => {
  pauses.length = 0;
  fleet = await startFleet({
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  });
});
afterEach(() => fleet.stop());

const faults = () => fleet.world.faults;

describe('a lack of capacity', () => {
  it('is of one type in one zone, for launches', async () => {
    const rule = { instanceTypes: ['c5.metal'], availabilityZones: [`${REGION}a`] };
    faults().add({ error: 'InsufficientInstanceCapacity', ...rule });
    const [a, b] = fleet.world.region(REGION)?.network.subnets ?? [];
    const launch = (InstanceType: 'c5.metal' | 'm5.metal', SubnetId: string | undefined) =>
      fleet.launch('w', { InstanceType, ...(SubnetId === undefined ? {} : { SubnetId }) });
    const refusal = { name: 'InsufficientInstanceCapacity', $metadata: { httpStatusCode: 500 } };
    await expect(launch('c5.metal', undefined)).rejects.toMatchObject(refusal);
    await expect(launch('c5.metal', a?.id)).rejects.toMatchObject(refusal);
    await expect(launch('c5.metal', b?.id)).resolves.toMatch(/^i-/);
    await expect(launch('m5.metal', a?.id)).resolves.toMatch(/^i-/);
  });

  it('holds for starts as well', async () => {
    const id = await fleet.launch('w');
    fleet.minutes(2);
    await fleet.ec2().send(new StopInstancesCommand({ InstanceIds: [id] }));
    fleet.minutes(2);
    faults().add({ error: 'InsufficientInstanceCapacity', instanceTypes: ['c5.2xlarge'], next: 1 });
    const start = () => fleet.ec2().send(new StartInstancesCommand({ InstanceIds: [id] }));
    await expect(start()).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
    await expect(start()).resolves.toBeDefined();
  });
});

describe('an answer', () => {
  it('is cut in the middle, after the call was done', async () => {
    const id = await fleet.launch('w');
    fleet.minutes(2);
    faults().add({ actions: ['StopInstances'], cut: 'mid-answer', next: 1 });
    const stop = new StopInstancesCommand({ InstanceIds: [id] });
    await expect(fleet.ec2().send(stop)).rejects.toThrow('aborted');
    fleet.seconds(2);
    expect(await fleet.stateOf(id)).toBe('stopping');
  });

  it('comes late', async () => {
    faults().add({ actions: ['Describe*'], latencyMs: 1_500, next: 1 });
    await fleet.describe();
    await fleet.describe();
    expect(pauses).toEqual([1_500]);
  });

  it('is an error though the call was done', async () => {
    const id = await fleet.launch('w');
    fleet.minutes(2);
    faults().add({ actions: ['StopInstances'], error: 'Unavailable', applied: true, next: 1 });
    const stop = new StopInstancesCommand({ InstanceIds: [id] });
    await expect(fleet.ec2().send(stop)).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    fleet.seconds(2);
    expect(await fleet.stateOf(id)).toBe('stopping');
  });
});

describe('a listing', () => {
  it('is partial although it ends', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) ids.push(await fleet.launch(`w${n}`));
    fleet.seconds(2);
    faults().add({ actions: ['DescribeInstances'], dropIds: [ids[1], ids[11]].map(String) });
    const seen: (string | undefined)[] = [];
    for await (const page of paginateDescribeInstances({ client: fleet.ec2(), pageSize: 5 }, {})) {
      for (const { Instances } of page.Reservations ?? []) seen.push(Instances?.[0]?.InstanceId);
    }
    expect(seen).toEqual(ids.filter((_, n) => n !== 1 && n !== 11));
  });

  it('is stale for one instance', async () => {
    const [a, b] = [await fleet.launch('a'), await fleet.launch('b')];
    fleet.minutes(2);
    await fleet.ec2().send(new StopInstancesCommand({ InstanceIds: [a, b] }));
    fleet.minutes(1);
    faults().add({ actions: ['DescribeInstances'], instanceIds: [a], lagSeconds: 75 });
    expect((await fleet.describe()).map(({ State }) => State?.Name)).toEqual(['running', 'stopped']);
    expect([await fleet.stateOf(a), await fleet.stateOf(b)]).toEqual(['running', 'stopped']);
  });

  it('does not show what is fresh, and calls do not find it', async () => {
    faults().add({ hideYoungerThanSeconds: 60 });
    const id = await fleet.launch('w');
    fleet.seconds(59);
    expect(await fleet.describe()).toEqual([]);
    const unknown = { name: 'InvalidInstanceID.NotFound' };
    await expect(fleet.stateOf(id)).rejects.toMatchObject(unknown);
    const tag = new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] });
    await expect(fleet.ec2().send(tag)).rejects.toMatchObject(unknown);
    fleet.seconds(1);
    expect(await fleet.stateOf(id)).toBe('pending');
    await expect(fleet.ec2().send(tag)).resolves.toBeDefined();
  });
});

describe('a boot', () => {
  it('ends with a reason: a first one for good', async () => {
    faults().add({ actions: ['RunInstances'], bootFails: 'Client.InternalError', next: 1 });
    const id = await fleet.launch('w');
    fleet.seconds(10);
    expect(await fleet.describe({ InstanceIds: [id] })).toMatchObject([
      {
        State: { Name: 'terminated' },
        StateReason: {
          Code: 'Client.InternalError',
          Message: 'Client.InternalError: Client error on launch',
        },
      },
    ]);
  });

  it('ends with a reason: a later one in stopped', async () => {
    const id = await fleet.launch('w');
    fleet.minutes(2);
    await fleet.ec2().send(new StopInstancesCommand({ InstanceIds: [id] }));
    fleet.minutes(2);
    faults().add({ actions: ['StartInstances'], bootFails: 'Server.InternalError', next: 1 });
    await fleet.ec2().send(new StartInstancesCommand({ InstanceIds: [id] }));
    fleet.seconds(10);
    expect(await fleet.stateOf(id)).toBe('stopped');
    await fleet.ec2().send(new StartInstancesCommand({ InstanceIds: [id] }));
    fleet.minutes(2);
    expect(await fleet.stateOf(id)).toBe('running');
  });
});

describe('a clock that is off', () => {
  it('by more than a quarter of an hour refuses signatures, until the caller has set its own', async () => {
    faults().add({ clockSkewSeconds: 16 * 60 });
    const describe = new DescribeInstancesCommand({});
    const refused = { name: 'RequestExpired' };
    await expect(fleet.ec2(REGION, 1).send(describe)).rejects.toMatchObject(refused);
    const answer = await fleet.ec2(REGION, 3).send(describe);
    expect(answer.$metadata.attempts).toBe(2);
  });

  it('by less is only seen in the answers', async () => {
    faults().add({ clockSkewSeconds: -14 * 60 });
    await expect(fleet.describe()).resolves.toEqual([]);
  });
});

it('counts what was called', async () => {
  faults().add({ error: 'InternalError', next: 1 });
  await fleet.describe().catch(() => null);
  await fleet.describe();
  await fleet.describe();
  const call = { service: 'ec2', action: 'DescribeInstances', region: REGION };
  expect(fleet.world.log.counts()).toEqual([
    { ...call, outcome: 'InternalError', count: 1 },
    { ...call, outcome: 'ok', count: 2 },
  ]);
  expect(fleet.world.log.count('DescribeInstances')).toBe(3);
});
