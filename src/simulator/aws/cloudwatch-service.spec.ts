import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { busy } from '../people/people';
import { CREDENTIALS, REGION, type SimulatedFleet, startFleet } from '../testing/simulated-fleet';

let fleet: SimulatedFleet;
beforeEach(async () => {
  fleet = await startFleet();
});
afterEach(() => fleet.stop());

interface Asked {
  readonly queries?: readonly [namespace: string, metric: string, stat?: string][];
  readonly minutes?: number;
  readonly NextToken?: string;
}

async function ask(
  id: string,
  { queries = [['AWS/EC2', 'CPUUtilization']], minutes = 15, NextToken }: Asked,
) {
  const cloudWatch = new CloudWatchClient({
    ...{ endpoint: fleet.awsEndpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 },
  });
  const EndTime = fleet.clock.now();
  return cloudWatch.send(
    new GetMetricDataCommand({
      ...{ NextToken, EndTime, StartTime: new Date(EndTime.getTime() - minutes * 60_000) },
      MetricDataQueries: queries.map(([Namespace, MetricName, Stat = 'Average'], n) => ({
        Id: `m${n}`,
        MetricStat: {
          Metric: { Namespace, MetricName, Dimensions: [{ Name: 'InstanceId', Value: id }] },
          ...{ Period: 300, Stat },
        },
      })),
    }),
  );
}

it('has network and status checks of every instance', async () => {
  const id = await fleet.launch('w');
  fleet.minutes(20);
  fleet.world.console.impair(id);
  fleet.minutes(6);
  const answer = await ask(id, {
    queries: [
      ['AWS/EC2', 'NetworkIn', 'Sum'],
      ['AWS/EC2', 'StatusCheckFailed', 'Maximum'],
      ['AWS/EC2', 'StatusCheckFailed', 'Minimum'],
      ['AWS/EC2', 'DiskReadOps'],
    ],
    minutes: 10,
  });
  const values = answer.MetricDataResults?.map(({ Values }) => Values);
  expect(values?.slice(1)).toEqual([[1], [1], []]);
  expect(values?.[0]?.[0]).toBeGreaterThan(1_000_000);
});

it('has memory of instances with an agent only', async () => {
  fleet.world.cast('*', busy);
  fleet.world.installAgent('with-*');
  const [blind, seeing] = [await fleet.launch('without'), await fleet.launch('with-agent')];
  fleet.minutes(30);
  const memory = async (id: string) =>
    (await ask(id, { queries: [['CWAgent', 'mem_used_percent']] })).MetricDataResults?.[0]?.Values ?? [];
  expect(await memory(blind)).toEqual([]);
  const [newest = 0] = await memory(seeing);
  expect(newest).toBeGreaterThan(20);
  expect(newest).toBeLessThan(40);
});

it('is late', async () => {
  await fleet.stop();
  fleet = await startFleet({ timings: { metricLagSeconds: 300 } });
  const id = await fleet.launch('w');
  fleet.minutes(29);
  const newest = async () => (await ask(id, {})).MetricDataResults?.[0]?.Timestamps?.[0]?.toISOString();
  expect(await newest()).toBe('2026-11-23T08:15:00.000Z');
  fleet.minutes(1);
  expect(await newest()).toBe('2026-11-23T08:20:00.000Z');
});

it('takes five hundred queries at once', async () => {
  const queries = (count: number) => Array.from({ length: count }, (): [string, string] => ['a', 'b']);
  const answer = await ask('i-0000000000000000a', { queries: queries(500) });
  expect(answer.MetricDataResults).toHaveLength(500);
  await expect(ask('i-0000000000000000a', { queries: queries(501) })).rejects.toMatchObject({
    // what the SDK makes of the code ValidationError
    name: 'ValidationException',
  });
});

it('comes in two parts where a fault wants it so', async () => {
  const id = await fleet.launch('w');
  fleet.minutes(20);
  fleet.world.faults.add({ actions: ['GetMetricData'], partialData: true });
  const queries: [string, string][] = ['CPUUtilization', 'NetworkIn', 'NetworkOut'].map((name) => [
    'AWS/EC2',
    name,
  ]);
  const first = await ask(id, { queries });
  expect(first.MetricDataResults?.map(({ Id, StatusCode }) => [Id, StatusCode])).toEqual([
    ['m0', 'PartialData'],
    ['m1', 'PartialData'],
  ]);
  const { MetricDataResults, NextToken } = await ask(id, { queries, NextToken: first.NextToken });
  expect([MetricDataResults?.map(({ Id }) => Id), NextToken]).toEqual([['m2'], undefined]);
});
