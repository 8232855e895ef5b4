import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { busy } from '../people/people';
import { ACCOUNT, CREDENTIALS, REGION, type SimulatedFleet, startFleet } from '../testing/simulated-fleet';

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet();
});
afterEach(() => fleet.stop());

const runOne = () =>
  new RunInstancesCommand({
    MinCount: 1,
    MaxCount: 1,
    ImageId: fleet.world.cmlImage(REGION).id,
    ClientToken: 't',
  });

const calls = () => fleet.world.calls.map(({ action, outcome }) => `${action} ${outcome}`);

describe('faults', () => {
  it('answer an error without effect', async () => {
    const fault = { action: 'RunInstances', code: 'InsufficientInstanceCapacity', httpStatus: 500 };
    fleet.world.failNext({ ...fault, applied: false });
    await expect(fleet.ec2().send(runOne())).rejects.toMatchObject({
      name: 'InsufficientInstanceCapacity',
      $metadata: { httpStatusCode: 500 },
    });
    expect(fleet.world.region(REGION)?.instances).toEqual([]);
  });

  it('cut the connection after the effect, so that a repetition finds it', async () => {
    fleet.world.failNext({ action: 'RunInstances', cut: true, applied: true });
    await expect(fleet.ec2().send(runOne())).rejects.toThrow('socket hang up');
    const [instance] = fleet.world.region(REGION)?.instances ?? [];
    expect((await fleet.ec2().send(runOne())).Instances).toMatchObject([{ InstanceId: instance?.id }]);
    expect(calls()).toEqual(['RunInstances cut', 'RunInstances ok']);
  });

  it('strike as often as told, in their region only', async () => {
    const throttle = { code: 'RequestLimitExceeded', httpStatus: 503, applied: false };
    fleet.world.failNext({ action: 'DescribeInstances', region: REGION, times: 2, ...throttle });
    await fleet.ec2('us-east-1').send(new DescribeInstancesCommand({}));
    const answer = await fleet.ec2(REGION, 3).send(new DescribeInstancesCommand({}));
    expect(answer.$metadata.attempts).toBe(3);
    expect(calls()).toEqual([
      'DescribeInstances ok',
      'DescribeInstances RequestLimitExceeded',
      'DescribeInstances RequestLimitExceeded',
      'DescribeInstances ok',
    ]);
  });
});

describe('what the caller may do', () => {
  it('is tried by a dry run', async () => {
    const dry = new DescribeInstancesCommand({ DryRun: true });
    await expect(fleet.ec2().send(dry)).rejects.toMatchObject({
      name: 'DryRunOperation',
      $metadata: { httpStatusCode: 412 },
    });
  });

  it('can be limited', async () => {
    await fleet.stop();
    fleet = await startFleet({ deniedActions: ['StopInstances', 'GetMetricData'] });
    const stop = new StopInstancesCommand({ InstanceIds: [await fleet.launch('w')], DryRun: true });
    await expect(fleet.ec2().send(stop)).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(cpuOf('i-0000000000000000a')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('ends at the unknown action and the unknown region', async () => {
    const keyPairs = new DescribeKeyPairsCommand({});
    await expect(fleet.ec2().send(keyPairs)).rejects.toMatchObject({ name: 'InvalidAction' });
    const instances = new DescribeInstancesCommand({});
    await expect(fleet.ec2('eu-south-9').send(instances)).rejects.toMatchObject({ name: 'AuthFailure' });
  });
});

it('STS tells the account', async () => {
  const sts = new STSClient({ endpoint: fleet.awsEndpoint, region: 'us-west-2', credentials: CREDENTIALS });
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: ACCOUNT,
    Arn: `arn:aws:iam::${ACCOUNT}:user/fleet`,
  });
});

async function cpuOf(instanceId: string, minutes = 15) {
  const endpoint = fleet.awsEndpoint;
  const cloudWatch = new CloudWatchClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  const now = fleet.clock.now().getTime();
  const answer = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - minutes * 60_000),
      EndTime: new Date(now),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: ['CPUUtilization', 'mem_used_percent'].map((MetricName, n) => ({
        Id: `m${n}`,
        MetricStat: {
          Metric: {
            Namespace: n === 0 ? 'AWS/EC2' : 'CWAgent',
            MetricName,
            Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
          },
          Period: 300,
          Stat: 'Average',
        },
      })),
    }),
  );
  return answer.MetricDataResults;
}

describe('CloudWatch', () => {
  it('has a point of every five full minutes in which the instance ran', async () => {
    fleet.world.cast('*', busy);
    const id = await fleet.launch('w');
    fleet.minutes(32);
    const [cpu, memory] = (await cpuOf(id, 60)) ?? [];
    expect(cpu?.StatusCode).toBe('Complete');
    expect(cpu?.Timestamps?.map((at) => at.toISOString().slice(11, 16))).toEqual([
      '08:00',
      '08:05',
      '08:10',
      '08:15',
      '08:20',
      '08:25',
    ]);
    for (const value of cpu?.Values?.slice(2) ?? []) expect(Math.abs(value - 17)).toBeLessThanOrEqual(1);
    expect(memory).toMatchObject({ Id: 'm1', Values: [], StatusCode: 'Complete' });
  });

  it('knows nothing of a stopped instance', async () => {
    const id = await fleet.launch('w');
    fleet.minutes(2);
    await fleet.ec2().send(new StopInstancesCommand({ InstanceIds: [id] }));
    fleet.minutes(30);
    expect((await cpuOf(id))?.[0]).toMatchObject({ Values: [] });
  });
});
