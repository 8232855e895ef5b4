import { MINUTE, plus } from '../../kernel/clocks';
import { REGION, type SimulatedFleet, startFleet } from '../../simulator/testing/simulated-fleet';
import { type AwsClients } from './aws-clients';
import { CloudWatchMetrics } from './cloudwatch-metrics';
import { awsClientsFor } from './testing/aws-clients';
import { type ScriptedAws, startScriptedAws } from './testing/scripted-aws';

let fleet: SimulatedFleet;
let clients: AwsClients;
let scripted: ScriptedAws | null;

beforeEach(async () => {
  scripted = null;
  fleet = await startFleet();
  clients = awsClientsFor(fleet.awsEndpoint);
});

afterEach(async () => {
  clients.destroy();
  await scripted?.stop();
  await fleet.stop();
});

const OPTIONS = { memory: false, agentDimensions: ['InstanceId'] };
const target = (instanceId: string) => ({ instanceId, amiId: 'ami-1', instanceType: 'c5.metal' });
const targets = (count: number) =>
  Array.from({ length: count }, (_, n) => target(`i-${String(n).padStart(17, '0')}`));

function read(ids: readonly ReturnType<typeof target>[], options: Partial<typeof OPTIONS> = {}) {
  return new CloudWatchMetrics(clients, fleet.clock, { ...OPTIONS, ...options }).newest(REGION, ids);
}

type Query = {
  Id: string;
  MetricStat: { Metric: { MetricName: string; Dimensions: unknown[] }; Stat: string };
};

/** Answers each call by a function of its queries and of whether it asks for the second page. */
async function scriptedMetrics(answer: (queries: Query[], second: boolean) => object | number) {
  scripted = await startScriptedAws((body, response) => {
    const { MetricDataQueries } = JSON.parse(body) as { MetricDataQueries: Query[] };
    const said = answer(MetricDataQueries, body.includes('NextToken'));
    const [status, text] = typeof said === 'number' ? [said, { __type: 'Odd' }] : [200, said];
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(text));
  });
  clients.destroy();
  clients = awsClientsFor(scripted.endpoint);
  return scripted;
}

describe("CloudWatch's metrics", () => {
  it('are the newest point of each, and nothing where there is none', async () => {
    const running = await fleet.launch('a');
    fleet.minutes(30);
    const young = await fleet.launch('b');

    const { byInstance, failed } = await read([target(young), target(running)]);

    expect(byInstance.get(young)).toEqual({
      cpuUtilization: null,
      networkInBytesPerSecond: null,
      networkOutBytesPerSecond: null,
      statusCheckFailed: null,
    });
    const found = byInstance.get(running);
    expect(found?.cpuUtilization?.value).toBeCloseTo(2, 0);
    const age = fleet.clock.now().getTime() - (found?.cpuUtilization?.at.getTime() ?? 0);
    expect([age >= 5 * MINUTE, age < 20 * MINUTE]).toEqual([true, true]);
    expect(found?.statusCheckFailed?.value).toBe(0);
    expect(failed.size).toBe(0);
  });

  it('are bytes a second, of what CloudWatch summed up in five minutes', async () => {
    const at = fleet.clock.now().getTime() / 1000;
    await scriptedMetrics((queries) => ({
      MetricDataResults: queries.map(({ Id, MetricStat: { Stat } }) => ({
        ...{ Id, Timestamps: [at], StatusCode: 'Complete' },
        Values: [Stat === 'Sum' ? 600 : Stat === 'Maximum' ? 1 : 25],
      })),
    }));

    const { byInstance } = await read([target('i-1')]);

    const point = (value: number) => ({ value, at: fleet.clock.now() });
    expect(byInstance.get('i-1')).toEqual({
      cpuUtilization: point(25),
      networkInBytesPerSecond: point(2),
      networkOutBytesPerSecond: point(2),
      statusCheckFailed: point(1),
    });
  });

  it('are asked for 500 at a time, all of an instance together', async () => {
    const sizes: number[] = [];
    await scriptedMetrics((queries) => {
      sizes.push(queries.length);
      return { MetricDataResults: [] };
    });
    await read(targets(126));
    await read(targets(101), { memory: true });
    await read([]);
    expect(sizes).toEqual([500, 4, 500, 5]);
  });

  it("are those of the agent's exact dimensions where memory is wanted", async () => {
    const asked: Query[] = [];
    await scriptedMetrics((queries) => {
      asked.push(...queries);
      return { MetricDataResults: [] };
    });
    const agentDimensions = ['InstanceId', 'ImageId', 'InstanceType', 'path=/=/'];
    await read([target('i-1')], { memory: true, agentDimensions });
    const { Metric, Stat } = asked.at(-1)?.MetricStat ?? {};
    expect({ Metric, Stat }).toEqual({
      Metric: {
        Namespace: 'CWAgent',
        MetricName: 'mem_used_percent',
        Dimensions: [
          { Name: 'InstanceId', Value: 'i-1' },
          { Name: 'ImageId', Value: 'ami-1' },
          { Name: 'InstanceType', Value: 'c5.metal' },
          { Name: 'path', Value: '/=/' },
        ],
      },
      Stat: 'Average',
    });
  });

  it('follow pages, in whatever order their points are', async () => {
    const at = fleet.clock.now().getTime() / 1000;
    const pages = [
      { Id: 'm0', Timestamps: [at - 600, at - 300], Values: [10, 20], StatusCode: 'PartialData' },
      { Id: 'm0', Timestamps: [at - 900], Values: [90], StatusCode: 'Complete' },
    ];
    const { bodies } = await scriptedMetrics((_queries, second) => ({
      MetricDataResults: [pages[second ? 1 : 0]],
      ...(second ? {} : { NextToken: 'more' }),
    }));

    const { byInstance } = await read([target('i-1')]);

    expect(byInstance.get('i-1')?.cpuUtilization).toEqual({
      value: 20,
      at: plus(fleet.clock.now(), -5 * MINUTE),
    });
    expect(bodies).toHaveLength(2);
  });

  it('say nothing of one that CloudWatch could not read: that is not the same as no point', async () => {
    const results = [
      { Id: 'm0', Timestamps: [], Values: [], StatusCode: 'InternalError' },
      { Id: 'm1', Timestamps: [], Values: [], StatusCode: 'Complete' },
      { Id: 'm2', Timestamps: [], Values: [], StatusCode: 'PartialData' },
    ];
    await scriptedMetrics(() => ({ MetricDataResults: results }));

    const { byInstance } = await read([target('i-1')]);

    expect(byInstance.get('i-1')).toEqual({ networkInBytesPerSecond: null });
  });

  it('of one call that fails are missing alone', async () => {
    await scriptedMetrics((queries) => (queries.length === 500 ? 400 : { MetricDataResults: [] }));

    const { byInstance, failed } = await read(targets(126));

    expect([byInstance.size, failed.size]).toEqual([1, 125]);
    expect([...failed.values()][0]).toMatchObject({ failure: 'rejected', awsCode: 'Odd' });
  });
});
